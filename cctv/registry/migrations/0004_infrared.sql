-- How far a camera sees at night by its own light; null is unknown, 0 is none. Limits: cctv/registry/checks.py.
alter table camera add column infrared_range_m double;
