"""How states of rights and of their permits are shown: a sign and a word, never a colour alone."""

from registry.kernel.shown import Shown
from registry.kernel.vocabulary import PermitStanding, RenewalStage

STANDINGS = {
    PermitStanding.valid: Shown("○", PermitStanding.valid.label, "ok"),
    PermitStanding.ending: Shown("△", PermitStanding.ending.label, "near"),
    PermitStanding.expired: Shown("■", PermitStanding.expired.label, "over"),
    PermitStanding.coming: Shown("◇", PermitStanding.coming.label, "unknown"),
    PermitStanding.none: Shown("—", PermitStanding.none.label, "unknown"),
}
STAGES = {
    RenewalStage.year: Shown("○", RenewalStage.year.label, "unknown"),
    RenewalStage.half: Shown("○", RenewalStage.half.label, "unknown"),
    RenewalStage.quarter: Shown("△", RenewalStage.quarter.label, "near"),
    RenewalStage.days: Shown("▲", RenewalStage.days.label, "near"),
    RenewalStage.late: Shown("■", RenewalStage.late.label, "over"),
    RenewalStage.expired: Shown("■", RenewalStage.expired.label, "over"),
}
