"""The pages and states that every check visits."""

OFFRE = "/offres/aidants-connect--020d5bfc60b2--aidants-connect"
STRUCTURE = "/structures/aidants-connect--020d5bfc60b2"
FULL = "/recherche?q=ordinateur&lieu=Orange"
PAGES = {
    "home": "/",
    "results": FULL,
    "filtered": "/recherche?lieu=Bollène&thematiques=numerique&frais=gratuit&rayon_km=12&page=1",
    "empty": "/recherche?q=permis&lieu=Orange",
    "urgent": "/recherche?q=je dors dans ma voiture à Bar-le-Duc",
    "needs": "/recherche?q=je cherche une crèche et je veux passer le permis à Orange",
    "partial": "/recherche?q=imprimer zorglubs&lieu=Orange",
    "literal": "/recherche?lieu=Orange&q=permis&tel_quel=oui&moment=mercredi-matin",
    "unknown-place": "/recherche?lieu=Carpentrass",
    "homonyms": "/recherche?q=crèche&lieu=Saint-Martin",
    "error": "/recherche?rayon_km=-3&lieu=Apt",
    "offre": OFFRE,
    "report": f"{OFFRE}/signaler",
    "reported": f"{OFFRE}/signale",
    "structure": STRUCTURE,
    "list": f"/ma-liste?liste={OFFRE.removeprefix('/offres/')}&liste=partie",
    "list-empty": "/ma-liste",
    "attributions": "/attributions",
    "ranking": "/a-propos/classement",
    "accessibility": "/accessibilite",
    "widget": "/widget?territoire=vaucluse&thematiques=numerique&lieu=Apt",
    "widget-empty": "/widget?territoire=meuse&q=natation&lieu=Verdunn",
    "widget-error": f"/widget?territoire=vaucluse&q={'x' * 301}",
    "widget-set-wrong": "/widget?territoire=vauclus&limite=50",
    "widget-code": "/widget/code?territoire=meuse&limite=3",
    "widget-code-wrong": "/widget/code?territoire=meuse&limite=50",
    "not-found": "/nulle-part",
}
