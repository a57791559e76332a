"""Searches as plain specifications, made real on the geography and the vocabulary of a site."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from app.domain.geographie import Geographie
from app.domain.portee import RADIUS_LADDER_KM_AND_DEMANDED  # placeholder
