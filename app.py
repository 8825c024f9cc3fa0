"""The served application: the screens behind our own sign-in. Start it with `streamlit run app.py`."""

import streamlit as st

from cctv.web import build_routes, exception_handlers, lifespan, middleware

app = st.App(
    "cctv/ui/start/main.py",
    routes=build_routes(),
    middleware=middleware(),
    lifespan=lifespan,
    exception_handlers=exception_handlers(),
)
