"""`flask match`: the match of one person, from the terminal."""

import json
from typing import IO

import click
from marshmallow import ValidationError

from app.cli.errors import Failure, explained
from app.composition import Composition
from app.web.api.match_rendering import rendered_match
from schemas.base import ReadingContext
from schemas.matching import read_match
from schemas.problem import erreurs_of


def match_command(composition: Composition) -> click.Command:
    """Returns the command `flask match`."""

    @click.command("match", help="Trouve les solutions pour la personne d’un fichier PROFIL.json.")
    @click.argument("profil", type=click.File("rb"))
    @explained
    def match(profil: IO[bytes]) -> None:
        try:
            body = json.loads(profil.read())
        except (ValueError, RecursionError):
            raise Failure("Ce fichier n’est pas du JSON lisible : corrigez-le.") from None
        context = ReadingContext(
            vocabulaire=composition.vocabulaire,
            geographie=composition.geographie,
            today=composition.clock.today(),
        )
        try:
            demande = read_match(body, context)
        except ValidationError as error:
            lines = [f"{e.champ or 'profil'} : {e.message}" for e in erreurs_of(error.messages)]
            raise Failure("\n".join(("Profil à corriger.", *lines))) from None
        answer = json.loads(rendered_match(composition.matching.match(demande)))
        click.echo(json.dumps(answer, ensure_ascii=False, indent=2))

    return match
