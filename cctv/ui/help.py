"""The help screen: what each number means, which data are real, schematic or synthetic, and how old they are."""

import pandas as pd
import streamlit as st

from cctv.i18n import t
from cctv.ui import session
from coverage import METHOD_VERSION

NUMBERS = ("area", "corridor", "demand", "interval", "alive", "gap", "gain", "cost", "bound")


def help_screen() -> None:
    """Draw the help screen."""
    city = session.runtime().city
    st.header(t("help.title"), anchor=False)
    st.markdown(t("help.intro"))
    st.subheader(t("help.numbers"), anchor="angka")
    for name in NUMBERS:
        st.markdown(f"**{t(f'help.number.{name}')}**  \n{t(f'help.number.{name}_text')}")
    st.subheader(t("help.synthetic"), anchor="sintetis")
    st.markdown(t("help.synthetic_text"))
    st.dataframe(
        pd.DataFrame(
            [
                {
                    t("help.layer"): t(f"help.layer_name.{name}"),
                    t("field.kind"): t(f"kind.{layer.kind}"),
                    t("help.as_of"): layer.as_of,
                    t("field.source"): layer.source,
                    t("help.licence"): layer.licence,
                    t("field.note"): layer.note,
                }
                for name, layer in sorted(city.manifest.layers.items())
            ]
        ),
        hide_index=True,
    )
    st.subheader(t("help.limits"), anchor="batas")
    st.markdown(t("help.limits_text"))
    st.subheader(t("help.attribution"), anchor="atribusi")
    st.markdown("\n".join(f"- {line}" for line in sorted({x.attribution for x in city.manifest.layers.values()})))
    st.caption(t("help.stamp", version=METHOD_VERSION, fingerprint=city.manifest.fingerprint[:12]))
