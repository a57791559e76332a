"""Searches the catalogue: place, words and filters become criteria, ids become documents."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial, reduce
from operator import and_
from typing import Protocol

from app.domain.demande import Demande
from app.domain.errors import GeocoderUnavailable
from app.domain.geographie import Geographie
from app.domain.lecture import LectureRequete, QueryReader
from app.domain.lieux import LieuSuggere, Lieux
from app.domain.moments import moment_at
from app.domain.offre import StructureId
from app.domain.portee import RADIUS_DEFAULT_KM, Origine
from app.domain.ports import Clock, Geocoder, OffreRepository, SearchEngine
from app.domain.search import (
    FEW,
    Elargissement,
    Filtres,
    Hit,
    OpeningTest,
    SearchCriteria,
    SearchPage,
)
from app.domain.territoire import Bassin, CodeInsee, Point, Territoire, Zone
from app.domain.texte import RequeteTexte
from app.domain.vocabulaire import Vocabulaire
from app.services.poids import poids_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouve:
    """One result: its place in the order and its public document, as JSON text."""

    hit: Hit
    document: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Resultats:
    """A page of results, and how the demand was understood.

    `en_partie` are offers that answer only some of the words, once `completed`.
    `lieu` is the place used, `origine` the point that distances start from. `choix_lieux` are
    homonyms to choose from, `lieu_inconnu` tells that the place typed was not found: nothing was
    then searched around it.
    """

    demande: Demande
    criteres: SearchCriteria
    page: SearchPage
    trouves: Sequence[Trouve]
    lecture: LectureRequete
    lieu: LieuSuggere | None
    rayon_km: float
    origine: Point | None = None
    en_partie: Sequence[Trouve] = ()
    choix_lieux: Sequence[LieuSuggere] = ()
    lieu_inconnu: bool = False
    adresse_indisponible: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a search starts from, and how it was found."""

    code: CodeInsee | None = None
    point: Point | None = None
    choix: Sequence[LieuSuggere] = ()
    inconnu: bool = False
    adresse_indisponible: bool = False


MAX_FEWER_WORDS = 3  # more choices would be read by nobody
MAX_NEEDS = 4  # of one sentence: a need more would be a page of its own


class OpeningState(Protocol):
    """Tells whether opening hours are open at a local time, None when they do not tell."""

    def __call__(self, expression: str, at: datetime) -> bool | None:
        """Returns the state."""
        ...


class SearchService:
    """The search of the API and of the public pages."""

    def __init__(
        self,
        *,
        engine: SearchEngine,
        repository: OffreRepository,
        query_reader: QueryReader,
        geocoder: Geocoder,
        lieux: Lieux,
        geographie: Geographie,
        vocabulaire: Vocabulaire,
        territoires: Sequence[Territoire],
        opening_state: OpeningState,
        clock: Clock,
    ) -> None:
        self._engine = engine
        self._repository = repository
        self._query_reader = query_reader
        self._geocoder = geocoder
        self._lieux = lieux
        self._geographie = geographie
        self._vocabulaire = vocabulaire
        self._territoires = territoires
        self._opening_state = opening_state
        self._clock = clock

    @property
    def bassins(self) -> Mapping[str, Bassin]:
        """The configured basins, by slug."""
        return {bassin.slug: bassin for t in self._territoires for bassin in t.bassins}

    @property
    def territoires(self) -> Mapping[str, Territoire]:
        """The configured territories, by slug."""
        return {territoire.slug: territoire for territoire in self._territoires}

    def search(self, demande: Demande, query_reader: QueryReader | None = None) -> Resultats:
        """Returns a page of results, its words read by another reader when one is given.

        Raises `EngineUnavailable` when the engine cannot answer.
        """
        reader = query_reader or self._query_reader
        place = self._place(demande)
        has_place = place.code is not None or place.point is not None
        lecture = LectureRequete()
        if demande.q and demande.tel_quel:
            lecture = reader.read_literally(demande.q)
        elif demande.q:
            with_place = not (has_place or demande.lieu)
            asked = self._territory(demande, place)
            lecture = reader.read(demande.q, with_place=with_place, territoire=asked)
        if lecture.lieu is not None:
            place = Place(code=lecture.lieu)
        rayon_km = demande.rayon_km or RADIUS_DEFAULT_KM
        criteres = self._criteria(demande, lecture, place, rayon_km)
        page = self._engine.search(criteres)
        if page.total < FEW and len(lecture.elements) > 1:
            page = self._with_fewer_words(criteres, lecture, page)
        return Resultats(
            demande=demande,
            page=page,
            criteres=criteres,
            trouves=self._shown_hits(page.hits),
            lecture=lecture,
            lieu=self._shown(place.code),
            rayon_km=rayon_km,
            origine=criteres.origine.point if criteres.origine else None,
            choix_lieux=place.choix,
            lieu_inconnu=place.inconnu,
            adresse_indisponible=place.adresse_indisponible,
        )

    def _territory(self, demande: Demande, place: Place) -> str | None:
        """Returns the territory in which one searches, whose local words are then understood."""
        zone = self._geographie.zone(place.code) if place.code else None
        for territoire in self._territoires:
            if territoire.slug == demande.territoire:
                return territoire.slug
            if any(bassin.slug == demande.bassin for bassin in territoire.bassins):
                return territoire.slug
            if zone and not (self._geographie.union(territoire.zone) & zone).is_empty:
                return territoire.slug
        return None

    def _shown_hits(self, hits: Sequence[Hit]) -> list[Trouve]:
        """Returns hits with their documents; a listing withdrawn since the index is not shown."""
        documents = self._repository.get_many([hit.offre_id for hit in hits])
        return [
            Trouve(hit=hit, document=documents[hit.offre_id])
            for hit in hits
            if hit.offre_id in documents
        ]

    def completed(self, resultats: Resultats) -> Resultats:
        """Adds the first offers that answer some of the words, when few answer them all."""
        criteres, page = resultats.criteres, resultats.page
        texte = criteres.texte
        if page.total >= FEW or texte is None or texte.required < 2 or criteres.page > 1:
            return resultats
        loose = replace(criteres, texte=replace(texte, en_partie=True))
        whole = {hit.offre_id for hit in page.hits}
        hits = [hit for hit in self._engine.search(loose).hits if hit.offre_id not in whole]
        return replace(resultats, en_partie=self._shown_hits(hits))

    def by_need(self, resultats: Resultats, first: int) -> list[Resultats]:
        """Returns the first offers for each need of a story that names several, else nothing.

        Each is the very search that its own words, typed alone, would ask.
        """
        elements = resultats.lecture.elements
        if not resultats.lecture.est_recit or len(elements) < 2:
            return []
        asked = replace(resultats.demande, page=1, par_page=first)
        if (place := resultats.lieu) is not None:
            asked = replace(asked, lieu=place.libelle, code_commune=place.code)
        return [self.search(replace(asked, q=found.mots)) for found in elements[:MAX_NEEDS]]

    def _with_fewer_words(
        self, criteres: SearchCriteria, lecture: LectureRequete, page: SearchPage
    ) -> SearchPage:
        """Adds what each group of words alone would find, the most first."""
        found = []
        for element in lecture.elements:
            texte = RequeteTexte((element.groupe,))
            total = self._engine.search(replace(criteres, texte=texte, page=1, par_page=1)).total
            if total > page.total:
                found.append(Elargissement(parametre="q", valeur=element.mots, total=total))
        found.sort(key=lambda elargissement: -elargissement.total)
        return replace(page, elargir=[*page.elargir, *found[:MAX_FEWER_WORDS]])

    def _criteria(
        self, demande: Demande, lecture: LectureRequete, place: Place, rayon_km: float
    ) -> SearchCriteria:
        residence = self._geographie.zone(place.code) if place.code else None
        return SearchCriteria(
            date=self._clock.today(),
            texte=lecture.texte,
            origine=self._origine(place),
            rayon_km=rayon_km,
            residence=residence,
            filtres=self._filtres(demande),
            tri=demande.tri,
            page=demande.page,
            par_page=demande.par_page,
            poids=poids_at(residence, self._territoires, self._geographie),
        )

    def _origine(self, place: Place) -> Origine | None:
        if place.code is not None:
            commune = self._geographie.whole_commune(place.code)
            centre = self._geographie.centre(place.code)
            return Origine(point=place.point or centre, commune=commune)
        return Origine(point=place.point) if place.point is not None else None

    def _filtres(self, demande: Demande) -> Filtres:
        def chosen(values: tuple[str, ...]) -> frozenset[str] | None:
            return frozenset(values) or None

        thematiques: frozenset[str] = frozenset().union(
            *(self._vocabulaire.thematiques_of(value) for value in demande.thematiques)
        )
        return Filtres(
            thematiques=thematiques or None,
            publics=chosen(demande.publics),
            types=chosen(demande.types),
            frais=chosen(demande.frais),
            modes_accueil=chosen(demande.modes_accueil),
            structure_id=StructureId(demande.structure_id) if demande.structure_id else None,
            bassin=self._zone(demande),
            ouvert=self._opening_test(demande),
            inclure_non_precises=demande.inclure_non_precises,
        )

    def _zone(self, demande: Demande) -> Zone | None:
        """Returns where offers are wanted: a basin, a territory, or what both have in common."""
        zones = []
        if demande.territoire is not None:
            zones.append(self._geographie.union(self.territoires[demande.territoire].zone))
        if demande.bassin is not None:
            bassin = self.bassins.get(demande.bassin)  # it may have been removed meanwhile
            zones.append(bassin.zone if bassin else Zone(0))
        return reduce(and_, zones) if zones else None

    def _opening_test(self, demande: Demande) -> OpeningTest | None:
        at = demande.ouvert_le
        if at is None and demande.moment is not None:
            at = moment_at(demande.moment, self._clock.now(), self._clock.today())
        return partial(self._opening_state, at=at) if at is not None else None

    def _place(self, demande: Demande) -> Place:
        point = None
        if demande.lat is not None and demande.lon is not None:
            point = Point(demande.lat, demande.lon)
        if demande.code_commune is not None:
            return Place(code=self._geographie.resolve_commune(demande.code_commune), point=point)
        if point is not None or not demande.lieu.strip():
            return Place(point=point)
        return self._typed_place(demande.lieu.strip())

    def _typed_place(self, lieu: str) -> Place:
        homonyms = self._lieux.homonyms(lieu)
        if homonyms:
            return Place(code=homonyms[0].code, choix=homonyms[1:])
        if any(char.isdigit() for char in lieu) and any(char.isalpha() for char in lieu):
            return self._address(lieu)
        near = self._lieux.suggest(lieu)
        if len(near) == 1:
            return Place(code=near[0].code)
        return Place(inconnu=True, choix=near or self._lieux.nearest(lieu))

    def _address(self, lieu: str) -> Place:
        """Finds a street address; when the service cannot answer, its commune will do."""
        unavailable = False
        try:
            found = self._geocoder.locate(lieu)
        except GeocoderUnavailable:
            found, unavailable = None, True
        if found is not None and found.code_insee in self._geographie.communes:
            point = Point(found.latitude, found.longitude)
            return Place(code=CodeInsee(found.code_insee), point=point)
        code = self._lieux.commune_of_address(lieu)
        return Place(code=code, inconnu=code is None, adresse_indisponible=unavailable)

    def _shown(self, code: CodeInsee | None) -> LieuSuggere | None:
        if code is None:
            return None
        return LieuSuggere(code=code, libelle=self._lieux.label(code))
