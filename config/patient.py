"""Whom the doctor examines, and what is found: the values that the stages of `config.doctor` work with."""

from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property

from config.parts import Parts, Role, Wiring
from config.settings import Settings, load


@dataclass(frozen=True, slots=True)
class Finding:
    """What one stage found. `ok` None: it could not be looked at. `fix`: a command or a sentence."""

    stage: str
    ok: bool | None
    found: str
    fix: str = ""


@dataclass(eq=False)
class Wrong(Exception):
    """Ends a stage: what is wrong and what helps."""

    found: str
    fix: str


@dataclass
class Patient:
    """What the stages look at; made when first asked for."""

    wire: Wiring
    opened: ExitStack = field(default_factory=ExitStack)

    @cached_property
    def settings(self) -> Settings:
        """Raises SettingsError."""
        return load()

    @cached_property
    def parts(self) -> Parts:
        """The database's own; asked for only after its stage was well."""
        parts = self.wire.build(self.settings, Role.COMMAND)
        self.opened.callback(parts.close)
        return parts
