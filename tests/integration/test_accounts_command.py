"""`flask comptes`: the accounts of the partners' space, made and closed from the terminal."""

import pytest

from app.domain.cles import PREFIXE
from app.domain.comptes import Role
from app.persistence.comptes import SqlCompteStore
from tests.integration.site import SERVICE, STRUCTURE, Site

ADDRESS = "camille@structure.fr"


@pytest.fixture
def accounts(site: Site) -> SqlCompteStore:
    site.import_(site.write("flux", [STRUCTURE, SERVICE]))
    return SqlCompteStore(site.engine)


def test_an_account_is_made_then_changed(site: Site, accounts: SqlCompteStore) -> None:
    site.run("comptes", "ajouter", "Camille@Structure.fr", "--role", "partenaire", "--nom", "C. A.")
    made = accounts.find(ADDRESS)
    assert made is not None
    assert (made.role, made.nom, made.perimetre) == (Role.PARTENAIRE, "C. A.", None)

    site.run("comptes", "ajouter", ADDRESS, "--role", "coordinateur", "--perimetre", "vaucluse")

    changed = accounts.find(ADDRESS)
    assert changed is not None
    assert (changed.id, changed.role, changed.perimetre) == (
        made.id,
        Role.COORDINATEUR,
        "vaucluse",
    )


def test_an_account_is_given_a_structure_then_closed(site: Site, accounts: SqlCompteStore) -> None:
    site.run("comptes", "ajouter", ADDRESS, "--role", "partenaire")

    site.run("comptes", "admettre", ADDRESS, str(STRUCTURE["id"]))

    compte = accounts.find(ADDRESS)
    assert compte is not None
    (listed,) = accounts.adhesions_of(compte.id)
    assert listed.adhesion.admise_le is not None
    site.run("comptes", "fermer", ADDRESS)
    closed = accounts.find(ADDRESS)
    assert closed is not None
    assert not closed.is_actif


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(("ajouter", "pas une adresse", "--role", "partenaire"), "courriel", id="mail"),
        pytest.param(("ajouter", ADDRESS, "--role", "chef"), "chef", id="role"),
        pytest.param(("ajouter", ADDRESS, "--role", "coordinateur"), "--perimetre", id="nowhere"),
        pytest.param(
            ("ajouter", ADDRESS, "--role", "coordinateur", "--perimetre", "paris"),
            "paris",
            id="unknown-place",
        ),
        pytest.param(
            ("ajouter", ADDRESS, "--role", "partenaire", "--perimetre", "vaucluse"),
            "Seul un coordinateur",
            id="not-a-coordinator",
        ),
        pytest.param(("fermer", ADDRESS), "Aucun compte", id="unknown-account"),
        pytest.param(("admettre", ADDRESS, "rien"), "Aucun compte", id="nobody"),
    ],
)
def test_what_is_wrong_is_said_and_writes_nothing(
    site: Site, accounts: SqlCompteStore, arguments: tuple[str, ...], message: str
) -> None:
    result = site.run("comptes", *arguments)

    assert result.exit_code == 1
    assert message in result.output
    assert accounts.find(ADDRESS) is None


def test_what_is_done_by_commands_leaves_lines(site: Site, accounts: SqlCompteStore) -> None:
    site.run("comptes", "ajouter", ADDRESS, "--role", "partenaire")
    site.run("comptes", "ajouter", ADDRESS, "--role", "professionnel")
    site.run("comptes", "admettre", ADDRESS, str(STRUCTURE["id"]))
    site.run("comptes", "fermer", ADDRESS)

    shown = site.run("comptes", "journal").output

    compte = accounts.find(ADDRESS)
    assert compte is not None
    said = [line.partition(" ")[2] for line in shown.splitlines()]
    assert said == [
        f"commande compte-ferme compte:{compte.id}",
        f"commande adhesion-admise {STRUCTURE['id']} compte={compte.id}",
        f"commande compte-change compte:{compte.id} role=professionnel",
        f"commande compte-cree compte:{compte.id} role=partenaire",
    ]
    only = site.run("comptes", "journal", "--action", "compte-cree").output
    assert only.splitlines() == shown.splitlines()[-1:]
    assert "Aucune" in site.run("comptes", "journal", "--depuis", "2100-01-01").output
    assert site.run("comptes", "journal", "--action", "rien").exit_code == 1
    assert site.run("comptes", "journal", "--depuis", "hier").exit_code == 1


def test_a_key_is_made_listed_and_revoked(site: Site, accounts: SqlCompteStore) -> None:
    site.run("comptes", "ajouter", ADDRESS, "--role", "professionnel")

    made = site.run("comptes", "cle", ADDRESS, "--nom", "Logiciel", "--jours", "30")

    cle = next(line for line in made.output.splitlines() if line.startswith(PREFIXE))
    assert site.composition.cles.acteur(cle).auteur.startswith("compte:")
    listed = site.run("comptes", "cle", ADDRESS).output
    assert "Logiciel" in listed
    assert cle not in listed
    numero = listed.partition(" ")[0]
    assert site.run("comptes", "cle", ADDRESS, "--revoquer", "999").exit_code == 1
    assert site.run("comptes", "cle", ADDRESS, "--revoquer", numero).exit_code == 0
    assert "Logiciel" not in site.run("comptes", "cle", ADDRESS).output
    assert site.run("comptes", "cle", ADDRESS, "--nom", "x" * 61).exit_code == 1
    site.run("comptes", "fermer", ADDRESS)
    assert site.run("comptes", "cle", ADDRESS, "--nom", "Encore").exit_code == 1
