# Two commands matter: `make run` (install, check, serve) and `make test`.
PYTHON ?= python3
BIN = .venv/bin

.PHONY: run test check bench city format

run:
	@$(PYTHON) tools/setup.py
	@$(BIN)/python -m cctv serve

test:
	@$(PYTHON) tools/setup.py --dev
	@$(BIN)/python -m pytest -m "not browser" --numprocesses auto --maxprocesses 4 --dist loadfile
	@$(BIN)/python -m pytest -m browser

check:
	@$(PYTHON) tools/setup.py --dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports
	$(BIN)/numpydoc lint $$(git ls-files --cached --others --exclude-standard "coverage/*.py" "cctv/*.py")

bench:
	@$(PYTHON) tools/setup.py --bench
	$(BIN)/python -m benchmarks

city:
	@$(BIN)/python -m cctv geodata build

format:
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .
