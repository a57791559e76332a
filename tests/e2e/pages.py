"""The pages and states that every check visits."""

OFFRE = "/offres/aidants-connect--020d5bfc60b2--aidants-connect"
STRUCTURE = "/structures/aidants-connect--020d5bfc60b2"
FULL = "/recherche?q=ordinateur&lieu=Orange"
PAGES = {
    "home": "/",
    "results": FULL,
    "filtered": "/recherche?lieu=Bollène&thematiques=numerique&frais=gratuit&rayon_km=12&page=1",
    "empty": "/recherche?q=permis&lieu=Orange",
    "unknown-place": "/recherche?lieu=Carpentrass",
    "homonyms": "/recherche?q=crèche&lieu=Saint-Martin",
    "error": "/recherche?rayon_km=-3&lieu=Apt",
    "offre": OFFRE,
    "structure": STRUCTURE,
    "attributions": "/attributions",
    "ranking": "/a-propos/classement",
    "accessibility": "/accessibilite",
    "not-found": "/nulle-part",
}
