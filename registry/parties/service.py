"""Finds holders by code or name, and adds those who are new; the caller's act is the audited one."""

from sqlmodel import Session

from registry.parties.models import Holder
from registry.parties.queries import holder_by_code, holders_named
from registry.parties.rules import HolderFacts, HolderMismatch
from registry.platform import clock


def ensure(session: Session, facts: HolderFacts) -> Holder:
    """Return the holder of these facts: found by code, else by exact name, else added.

    A holder so far known by name alone takes the code, and blanks of the record are filled; nothing
    on record is overwritten.

    Raises:
        HolderMismatch: the code belongs to another name, or the name stands for several holders.
    """
    holder = _by_code(session, facts) or _by_name(session, facts)
    if holder is None:
        holder = Holder(name=facts.name, recorded_at=clock.now(session))
        session.add(holder)
    holder.credit_code = holder.credit_code or facts.credit_code
    holder.address = holder.address or facts.address
    holder.economic_type = holder.economic_type or facts.economic_type
    session.flush()
    return holder


def _by_code(session: Session, facts: HolderFacts) -> Holder | None:
    holder = holder_by_code(session, facts.credit_code) if facts.credit_code else None
    if holder is not None and holder.name != facts.name:
        raise HolderMismatch(
            "credit_code_of_another", "credit_code", facts.credit_code, accepted=holder.name, given=facts.name
        )
    return holder


def _by_name(session: Session, facts: HolderFacts) -> Holder | None:
    """Return the holder of that name, unless the name is on record only under other codes."""
    named = holders_named(session, facts.name)
    if facts.credit_code is not None:
        return next((holder for holder in named if holder.credit_code is None), None)
    if len(named) > 1:
        codes = ", ".join(holder.credit_code or "—" for holder in named)
        raise HolderMismatch("holder_ambiguous", "credit_code", "", accepted=codes, given=facts.name)
    return named[0] if named else None
