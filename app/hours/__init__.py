"""Opening hours as the catalogue records them: is a place open at a given time?"""
