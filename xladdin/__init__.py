"""xladdin: fill, read back, compute and reconcile 绩效目标申报表 and 绩效自评表.

The names of the public interface, each loaded when first used so that the import stays light.
"""

from __future__ import annotations

from importlib import import_module

__version__ = "0.1.0"

_HOMES = {
    "read": "form.reading",
    "reading": "form.reading",
    "Reading": "form.reading",
    "self_evaluation": "api",
    "fill": "form.filling",
    "forms": "form.catalogue",
    "template": "form.blank",
    "from_dict": "domain.serial",
    "parse_target": "domain.target",
    "Target": "domain.target",
    "execution_rate": "domain.scoring",
    "score": "api",
    "check": "review.checking",
    "reconcile": "review.checking",
    "frames": "dataframes",
    "from_frames": "dataframes",
    "findings_frame": "dataframes",
    "Finding": "rules.finding",
    "Declaration": "domain.records",
    "Evaluation": "domain.records",
    "Funds": "domain.records",
    "Indicator": "domain.records",
    "Result": "domain.records",
    "BudgetLine": "domain.records",
    "Form": "form.catalogue",
    "XladdinError": "errors",
}
__all__ = [*_HOMES, "__version__"]


def __getattr__(name: str):
    if name not in _HOMES:
        raise AttributeError(f"module 'xladdin' has no attribute {name!r}")
    value = getattr(import_module(f".{_HOMES[name]}", __name__), name)
    globals()[name] = value
    return value
