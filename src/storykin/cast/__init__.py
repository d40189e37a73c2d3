"""Cast: from a folder of photos to a training set and a character sheet; nothing leaves the machine.

photos ──intake──▶ pictures ──looking──▶ sightings ──who──▶ people ──choosing──▶ verdicts ──framing──▶ crops
──captions──▶ dataset. `shelf` keeps the characters, `report` shows what was decided and why.
"""
