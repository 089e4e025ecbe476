"""Tables of credit: products, rules and regulated numbers as dated rows; applications, decisions, estimates, lines."""

from app.credit.models.applications import Application, Decision, DecisionReview, SourceSnapshot
from app.credit.models.catalogue import CatalogueProposal, ProductVersion, RegulatedParameter, RuleSetVersion
from app.credit.models.estimates import Estimate, EstimateSource
from app.credit.models.lines import CreditLine, CreditLineMove, ExposureCounter, ExposureLimit, ExposureReturn

__all__ = [
    "Application",
    "CatalogueProposal",
    "CreditLine",
    "CreditLineMove",
    "Decision",
    "DecisionReview",
    "Estimate",
    "EstimateSource",
    "ExposureCounter",
    "ExposureLimit",
    "ExposureReturn",
    "ProductVersion",
    "RegulatedParameter",
    "RuleSetVersion",
    "SourceSnapshot",
]
