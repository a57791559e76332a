"""Éventail: a territory's support offers, and the matcher that ranks them for one person."""
