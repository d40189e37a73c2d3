"""Painters, sketch: what somebody has on, read from free words. Words become garments (kind, colour, pattern);
costumes fill in what their words leave out. Nothing is drawn here.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, replace
from functools import cache

from storykin.painters.sketch.ink import COLOURS, colour

SLOTS = ("over", "top", "bottom", "hat", "feet")


@dataclass(frozen=True)
class Garment:
    """One piece: what it is, its colour, the colour of its trimmings, and its pattern ("" plain)."""

    kind: str
    fill: str = ""
    second: str = ""
    pattern: str = ""


@dataclass(frozen=True)
class Wear:
    """Everything somebody has on. `extras` are small things such as a belt, a scarf or a badge."""

    top: Garment
    bottom: Garment
    over: Garment | None = None
    cape: Garment | None = None
    hat: Garment | None = None
    feet: Garment = Garment("shoes")
    extras: tuple[Garment, ...] = ()
    joined: bool = False


#   slot, kind, the words that name it; the first match in a clause wins
NOUNS: tuple[tuple[str, str, str], ...] = (
    ("hat", "space helmet", r"space helmet|astronaut('s)? helmet|bubble helmet"),
    ("hat", "fire helmet", r"fire(fighter|man|woman)?('s)? helmet"),
    ("hat", "hard hat", r"hard ?hat|builder('s)? (hat|helmet)|safety helmet"),
    ("hat", "knight helmet", r"knight('s)? helm(et)?|helm"),
    ("hat", "bike helmet", r"(bike|bicycle|cycle|riding|racing|skate) helmet"),
    ("hat", "wizard hat", r"(pointed|pointy|wizard('s)?|witch('s)?|magic(ian's|al)?) hat"),
    ("hat", "chef hat", r"tall (white )?hat|chef('s)? (hat|cap)|baker('s)? hat|cook('s)? hat|toque|chef's hat"),
    ("hat", "pirate hat", r"pirate('s)? hat|captain('s)? pirate hat|tricorne?|bicorne"),
    ("hat", "cowboy hat", r"cow(boy|girl)('s)? hat|stetson"),
    ("hat", "police cap", r"police(man's|woman's| officer's)? (hat|cap|helmet)|(peaked|conductor('s)?|pilot('s)?|driver('s)?|captain('s)?|postman('s)?) (cap|hat)"),
    ("hat", "sailor cap", r"sailor('s)? (hat|cap)"),
    ("hat", "top hat", r"top hat|magician's hat|ringmaster('s)? hat"),
    ("hat", "party hat", r"party hat|birthday hat|paper hat"),
    ("hat", "beret", r"beret"),
    ("hat", "explorer hat", r"explorer('s)? (hat|helmet)|safari hat|pith helmet|sun helmet"),
    ("hat", "straw hat", r"straw hat|sun ?hat|farmer('s)? hat|gardening hat|garden hat"),
    ("hat", "flower crown", r"flower crown|crown of flowers|wreath|garland"),
    ("hat", "tiara", r"tiara|diadem"),
    ("hat", "crown", r"crown"),
    ("hat", "santa hat", r"santa('s)? hat|elf hat|christmas hat"),
    ("hat", "nightcap", r"night ?cap|sleeping cap"),
    ("hat", "bunny ears", r"(bunny|rabbit|cat|mouse|animal) ears|ears headband"),
    ("hat", "headphones", r"headphones|ear ?muffs"),
    ("hat", "headscarf", r"hijab|head ?scarf"),
    ("hat", "turban", r"turban"),
    ("hat", "bandana", r"bandana"),
    ("hat", "aviator", r"(flying|leather|aviator|pilot's leather) (cap|helmet)"),
    ("hat", "detective hat", r"deerstalker|detective('s)? hat"),
    ("hat", "mortarboard", r"mortarboard|graduation (cap|hat)"),
    ("hat", "swim cap", r"swim(ming)? cap|bathing cap"),
    ("hat", "goggles", r"(swimming |diving |snow |ski )?goggles|diving mask|snorkel"),
    ("hat", "head torch", r"head(lamp| torch)"),
    ("hat", "mask", r"(eye |superhero )?mask"),
    ("hat", "woolly hat", r"(woolly|woollen|wool|knitted|winter|bobble|warm) (hat|cap)|beanie|bobble hat"),
    ("hat", "cap", r"(baseball |flat |school )?cap|baseball hat"),
    ("hat", "headband", r"headband|hairband|sweatband"),
    ("hat", "helmet", r"helmet"),
    ("hat", "hat", r"hat"),
    ("cape", "cape", r"cape|cloak|mantle"),
    ("over", "apron", r"apron|pinafore apron"),
    ("over", "raincoat", r"rain ?coat|rain jacket|mac|anorak|oilskins?|parka"),
    ("over", "doctor coat", r"(doctor|vet|lab|dentist|scientist|nurse|laboratory)('s)?( white)? coat|lab coat|white coat"),
    ("over", "tail coat", r"(pirate|captain|ringmaster|conductor|king|prince|admiral)('s)? (coat|jacket)|tail ?coat|frock coat|tails"),
    ("over", "fire jacket", r"fire(fighter|man|woman|fighting)?('s)? (jacket|coat|suit|uniform)"),
    ("over", "police jacket", r"police(man's|woman's| officer's)? (jacket|coat|uniform)|uniform jacket|(pilot|sailor|captain)('s)? (jacket|uniform)"),
    ("over", "dressing gown", r"dressing gown|bath ?robe"),
    ("over", "safety vest", r"(safety|high[- ]vis(ibility)?|reflective|yellow) (vest|waistcoat)|life ?(jacket|vest)"),
    ("over", "waistcoat", r"waistcoat|gilet|body warmer"),
    ("over", "cardigan", r"cardigan"),
    ("over", "coat", r"(winter |duffle |duffel |long |trench )?coat|overcoat"),
    ("over", "jacket", r"jacket|blazer|bomber|windbreaker"),
    ("whole", "spacesuit", r"space ?suit|astronaut suit"),
    ("whole", "armour", r"armou?r|chain ?mail"),
    ("whole", "wetsuit", r"wet ?suit|diving suit|diver('s)? suit"),
    ("whole", "swimsuit", r"swim(ming)? ?suit|bathing suit|bathers|swimming costume"),
    ("whole", "gown", r"(ball|princess|queen|evening|long|wedding|fairy|king|royal)('s)? (gown|dress|robes?)|gown"),
    ("whole", "robe", r"robes?|kimono|kaftan|judge('s)? gown|toga|tunic robe"),
    ("whole", "dress", r"(sun|summer|party|pinafore|frock)? ?dress|frock|pinafore|sari"),
    ("whole", "leotard", r"leotard|tutu|ballet (dress|costume)"),
    ("whole", "pyjamas", r"pyjamas?|pajamas?|pjs|night ?clothes|sleepsuit"),
    ("whole", "nightdress", r"night ?(gown|dress|shirt|ie)"),
    ("whole", "onesie", r"onesie|romper|babygrow|bodysuit|super ?suit|super ?hero('s)? (suit|costume)|catsuit"),
    ("whole", "overalls", r"overalls?|boiler ?suit|jump ?suit|flight ?suit|race suit|racing suit|coveralls?|snow ?suit|ski suit"),
    ("whole", "suit", r"suit|tuxedo|dinner jacket"),
    ("whole", "scrubs", r"scrubs"),
    ("bottom", "swim trunks", r"swim(ming)? (trunks|shorts)|trunks"),
    ("bottom", "dungarees", r"dungarees"),
    ("bottom", "shorts", r"shorts|bermudas"),
    ("bottom", "tutu skirt", r"tutu skirt"),
    ("bottom", "long skirt", r"(long|maxi)( \w+)? skirt"),
    ("bottom", "skirt", r"skirt|kilt"),
    ("bottom", "leggings", r"leggings|tights"),
    ("bottom", "jeans", r"jeans|denims?"),
    ("bottom", "trousers", r"trousers|pants|slacks|chinos|corduroys|joggers|breeches|tracksuit bottoms"),
    ("top", "sailor shirt", r"sailor (shirt|top|suit)"),
    ("top", "jersey", r"(football|soccer|sports?|team|basketball|rugby) (shirt|kit|jersey|strip|top|vest)|jersey|sports kit"),
    ("top", "hoodie", r"hoodie|hooded (top|sweatshirt|jumper)"),
    ("top", "turtleneck", r"turtleneck|roll[- ]?neck|polo[- ]?neck"),
    ("top", "jumper", r"jumper|sweater|pullover|sweatshirt|knit(ted top)?|fleece"),
    ("top", "tshirt", r"t[- ]?shirts?|tee"),
    ("top", "vest", r"vest|tank top|singlet|camisole"),
    ("top", "tunic", r"tunic"),
    ("top", "blouse", r"blouse"),
    ("top", "shirt", r"shirts?|polo"),
    ("top", "long top", r"long[- ]sleeved? (top|shirt)"),
    ("top", "tshirt", r"top"),
    ("feet", "wellies", r"wellies|wellingtons?|wellington boots|rubber boots|gum ?boots|rain ?boots"),
    ("feet", "boots", r"boots?"),
    ("feet", "slippers", r"slippers|house shoes"),
    ("feet", "ballet", r"ballet (shoes|slippers|pumps)|pumps"),
    ("feet", "sandals", r"sandals|flip[- ]?flops"),
    ("feet", "trainers", r"trainers|sneakers|running shoes|plimsolls"),
    ("feet", "flippers", r"flippers|fins"),
    ("feet", "skates", r"skates"),
    ("feet", "barefoot", r"bare ?foot|bare feet|no shoes"),
    ("feet", "socks", r"socks"),
    ("feet", "shoes", r"shoes|clogs"),
    ("extra", "scarf", r"scarf|muffler"),
    ("extra", "bow tie", r"bow ?tie"),
    ("extra", "tie", r"tie|necktie"),
    ("extra", "stethoscope", r"stethoscope"),
    ("extra", "tool belt", r"tool ?belt"),
    ("extra", "belt", r"belt|sash"),
    ("extra", "backpack", r"back ?pack|rucksack|school bag|satchel"),
    ("extra", "badge", r"badge|star badge|sheriff('s)? star|medal|rosette"),
    ("extra", "gloves", r"gloves|mittens"),
    ("extra", "wings", r"wings"),
    ("extra", "necklace", r"necklace|beads|pearls|chain"),
    ("extra", "braces", r"braces|suspenders"),
    ("extra", "emblem", r"emblem|logo|letter|lightning( bolt)?|heart on"),
)  # fmt: skip

PATTERNS: tuple[tuple[str, str], ...] = (
    ("rainbow", r"rainbow"),
    ("stripes", r"strip(es?|ed|y)|hoops?|hooped"),
    ("dots", r"dots?|dotted|dotty|spots?|spotted|spotty|polka"),
    ("stars", r"stars?|starry"),
    ("moons", r"moons?"),
    ("checks", r"check(s|ed|ered)?|tartan|plaid|gingham|chequered"),
    ("hearts", r"hearts"),
    ("flowers", r"flower(s|y|ed)?|floral|daisies|daisy"),
    ("sparkles", r"sparkl(y|es|ing)|glitter(y|ing)?|sequins?|shiny"),
    ("patches", r"patch(es|ed|work)?"),
)  # fmt: skip

#   costume, the words that call for it, what belongs to it
COSTUMES: tuple[tuple[str, str], ...] = (
    (r"astronaut|space ?suit|space (traveller|explorer|ranger)|cosmonaut", "white and orange spacesuit, white space helmet, light grey boots"),
    (r"doctor|vet|lab coat|dentist|animal doctor|paramedic|medic", "white doctor's coat, sky blue shirt, navy trousers, white shoes, stethoscope"),
    (r"nurse|scrubs|surgeon", "turquoise scrubs, white shoes, stethoscope"),
    (r"scientist|inventor|professor|chemist", "white lab coat, mint jumper, brown trousers, brown shoes, goggles"),
    (r"firefighter|fireman|firewoman|fire brigade|fire", "amber fire jacket, navy tshirt, amber trousers, red fire helmet, black boots"),
    (r"pirate|buccaneer|captain hook", "dark red tail coat, white and navy striped shirt, brown trousers, black pirate hat, brown boots, gold belt"),
    (r"wizard|magician|sorcer\w+|warlock|mage", "purple robe with stars, purple wizard hat, brown boots"),
    (r"witch", "dark blue dress, black wizard hat, orange striped leggings, black boots"),
    (r"chef|cook|baker|baking|confectioner|pastry", "white apron, sky blue striped shirt, navy trousers, white chef hat, brown shoes"),
    (r"knight", "silver armour, silver knight helmet, grey boots"),
    (r"king", "red cape, gold crown, cream tunic, navy trousers, brown boots, gold belt"),
    (r"queen", "crimson gown, gold crown, gold necklace"),
    (r"prince\b", "navy tail coat, cream shirt, light grey trousers, gold crown, brown boots"),
    (r"princess", "pink gown, gold tiara, pink ballet shoes"),
    (r"super ?hero|super ?girl|super ?boy|hero costume", "blue onesie, red cape, red mask, yellow belt, red boots, yellow emblem"),
    (r"police|sheriff|officer|guard", "navy police jacket, navy trousers, navy police cap, black shoes, gold badge"),
    (r"cow(boy|girl)|rancher|wild west", "brown waistcoat, red checked shirt, jeans, tan cowboy hat, brown boots, gold belt"),
    (r"explorer|safari|ranger|adventurer|archaeologist|palaeontologist|zoologist|jungle", "sand shirt, olive shorts, sand explorer hat, brown boots, brown belt, brown backpack"),
    (r"farmer|gardener|scarecrow", "blue dungarees, red checked shirt, straw hat, green wellies"),
    (r"builder|construction|engineer|mechanic|plumber|electrician|road ?worker", "orange safety vest, blue jumper, jeans, yellow hard hat, brown boots, tool belt"),
    (r"diver|snorkel\w*|swimmer|lifeguard", "navy and turquoise wetsuit, orange goggles, yellow flippers"),
    (r"sailor|captain|skipper|sea captain|admiral", "white and navy striped sailor shirt, navy trousers, white sailor cap, navy shoes"),
    (r"pilot|aviator|flyer|flying ace", "brown jacket, cream shirt, olive trousers, brown aviator cap, cream scarf, brown boots"),
    (r"train driver|conductor|engine driver|bus driver|station master|postman|postwoman|mail carrier|post", "navy jacket, sky blue shirt, navy trousers, navy conductor cap, black shoes, gold badge"),
    (r"balle(t|rina)|dancer|tutu", "pink leotard, white tights, pink ballet shoes"),
    (r"fairy|angel|elf|pixie|butterfly", "light green dress, wings, flower crown, green ballet shoes"),
    (r"judge|barrister|lawyer", "black robe, white shirt, black shoes"),
    (r"teacher|librarian|headmaster|headmistress", "green cardigan, white blouse, brown trousers, brown shoes"),
    (r"football\w*|soccer|sport\w*|athlete|goalkeeper|runner|player|gymnast|tennis", "red jersey, white shorts, red socks, trainers"),
    (r"racing driver|race car|racer|racing", "red and white overalls, red bike helmet, white boots"),
    (r"detective|spy|investigator|secret agent", "tan coat, cream shirt, brown trousers, brown detective hat, brown shoes"),
    (r"artist|painter", "white smock apron, white and blue striped jumper, jeans, red beret, brown shoes"),
    (r"clown|circus|jester|juggler|acrobat", "yellow overalls with dots, red bow tie, party hat, red shoes"),
    (r"ringmaster", "red tail coat, white shirt, white trousers, black top hat, black boots, bow tie"),
    (r"musician|rock ?star|singer|drummer|guitarist", "black jacket, red tshirt, jeans, black boots"),
    (r"viking", "brown tunic, brown cape, grey trousers, knight helmet, brown boots, belt"),
    (r"karate|judo|martial", "white tunic, white trousers, barefoot, black belt"),
    (r"ninja", "black tunic, black trousers, black mask, red belt, barefoot"),
    (r"robot", "silver spacesuit, grey boots"),
    (r"mermaid", "turquoise gown with sparkles, flower crown"),
    (r"santa|father christmas", "red coat, red trousers, santa hat, black boots, black belt"),
    (r"beekeeper", "white overalls, straw hat, white boots"),
    (r"fisher(man|woman)?", "yellow raincoat, yellow hat, navy trousers, green wellies"),
    (r"winter|snow\w*|ski(ing|er|s)?|cold|sledg\w+", "blue coat, woolly hat, navy trousers, brown boots, red scarf"),
    (r"rain|wet|stormy", "yellow raincoat, navy trousers, red wellies"),
    (r"swim\w*|pool|bath\w*", "blue swim trunks, barefoot"),
    (r"beach|summer|holiday", "teal shorts, yellow tshirt, sandals"),
    (r"party|birthday", "coral dress with dots, party hat, white socks"),
    (r"bed\w*|night|sleep\w*", "light blue pyjamas with stars, slippers"),
    (r"school", "navy jumper, white shirt, grey trousers, black shoes"),
    (r"smart|sunday best|wedding", "navy suit, white shirt, brown shoes, bow tie"),
)  # fmt: skip

EVERYDAY: tuple[tuple[str, str, str], ...] = (
    ("coral striped tshirt", "jeans", "yellow trainers"),
    ("yellow jumper", "dark blue trousers", "red trainers"),
    ("teal jumper", "rust trousers", "cream trainers"),
    ("red and white striped jumper", "navy trousers", "yellow shoes"),
    ("green hoodie", "jeans", "orange trainers"),
    ("sky blue tshirt with stars", "olive trousers", "red shoes"),
    ("amber dungarees", "white and teal striped tshirt", "teal shoes"),
    ("lilac jumper with dots", "dark blue trousers", "coral shoes"),
)  # fmt: skip
GROWN: tuple[tuple[str, str, str], ...] = (
    ("teal jumper", "navy trousers", "brown shoes"),
    ("rust cardigan and cream shirt", "jeans", "brown shoes"),
    ("dark green jumper", "brown trousers", "brown shoes"),
    ("coral blouse", "dark blue trousers", "brown shoes"),
    ("sky blue shirt", "olive trousers", "brown shoes"),
    ("amber jumper", "teal trousers", "dark brown shoes"),
)  # fmt: skip

JOINED = {
    "dress",
    "gown",
    "robe",
    "nightdress",
    "leotard",
    "onesie",
    "overalls",
    "spacesuit",
    "wetsuit",
    "swimsuit",
    "armour",
}
#   what a whole garment is made of: top, bottom, feet
WHOLES: dict[str, tuple[str, str, str]] = {
    "spacesuit": ("spacesuit", "spacesuit", "boots"), "armour": ("armour", "armour", "boots"),
    "wetsuit": ("wetsuit", "leggings", "barefoot"), "swimsuit": ("swimsuit", "briefs", "barefoot"),
    "gown": ("gown", "gown", "ballet"), "robe": ("robe", "robe", "shoes"), "dress": ("dress", "dress", "shoes"),
    "leotard": ("leotard", "tutu", "ballet"), "pyjamas": ("pyjamas", "pyjamas", "barefoot"),
    "nightdress": ("dress", "nightdress", "barefoot"), "onesie": ("onesie", "leggings", "boots"),
    "overalls": ("overalls", "overalls", "boots"), "suit": ("shirt", "trousers", "shoes"), "scrubs": ("scrubs", "scrubs", "shoes"),
}  # fmt: skip
PLAIN = {"jeans": "#5b7fa8", "wellies": "#d9513f", "boots": "#6f4a34", "shoes": "#8c5c3d", "ballet": "#ef9fae", "slippers": "#ee7f68",
         "sandals": "#b98a5e", "trainers": "#f6e7c8", "socks": "#fbf8f1", "flippers": "#f3c94f", "skates": "#fbf8f1",
         "crown": "#e9bb45", "tiara": "#f0cf6a", "chef hat": "#fbf8f1", "pirate hat": "#3a3336", "cowboy hat": "#a9754a", "straw hat": "#ecd08a",
         "fire helmet": "#d9513f", "hard hat": "#f3c94f", "space helmet": "#fbf8f1", "knight helmet": "#c3c8cf", "wizard hat": "#6d5aa8",
         "police cap": "#33466f", "sailor cap": "#fbf8f1", "top hat": "#3a3336", "explorer hat": "#d8bd86", "beret": "#d9513f",
         "flower crown": "#7fae62", "santa hat": "#d9513f", "nightcap": "#8fc6ea", "bunny ears": "#f6e7c8", "headphones": "#d9513f",
         "mortarboard": "#3a3336", "goggles": "#4fb3ab", "aviator": "#8c5c3d", "detective hat": "#b98a5e", "mask": "#d9513f",
         "belt": "#8c5c3d", "tool belt": "#b07a45", "backpack": "#ee7f68", "badge": "#e9bb45", "emblem": "#f3c94f", "stethoscope": "#5f6066",
         "wings": "#e7f1f8", "necklace": "#e9bb45", "scarf": "#d9513f", "bow tie": "#d9513f", "tie": "#a83a35", "gloves": "#d9513f", "braces": "#a83a35",
         "spacesuit": "#f4f1ea", "armour": "#c3c8cf", "doctor coat": "#fbf8f1", "raincoat": "#f3c94f", "apron": "#fbf8f1", "tutu": "#f7c3cc",
         "fire jacket": "#e0a03a", "safety vest": "#f3a03c", "shirt": "#fbf8f1", "dungarees": "#5b7fa8", "wetsuit": "#33466f", "tights": "#fbf8f1"}  # fmt: skip
FALLBACK = ("#4f86c1", "#ee7f68", "#f3c94f", "#3a8a8b", "#8a62a8", "#6fa65a")

_COLOUR = re.compile(
    r"#[0-9a-f]{6}|\b("
    + "|".join(sorted((re.escape(c) for c in COLOURS), key=lambda c: (-len(c), c)))
    + r")\b"
)
_NOUN = tuple((slot, kind, re.compile(rf"\b({pattern})\b")) for slot, kind, pattern in NOUNS)
_PATTERN = tuple((name, re.compile(rf"\b({pattern})\b")) for name, pattern in PATTERNS)
_COSTUME = tuple((re.compile(rf"\b({pattern})('s|s)?\b"), words) for pattern, words in COSTUMES)
_FULL = re.compile(
    r"\b(costume|outfit|clothes|uniform|gear|kit|things|dressed|dress up|as an?)\b|^\W*(an? )?\w+(\s\w+)?\W*$"
)
_VAGUE = {"hat", "helmet"}


@cache
def wear(words: str, palette: tuple[str, ...] = (), seed: str = "", grown: bool = False) -> Wear:
    """What free words and a palette say somebody has on; `seed` settles what nobody said."""
    said = words.lower().replace("’", "'").replace("colour", "")
    found = _clauses(said)
    costume = next((extra for pattern, extra in _COSTUME if pattern.search(said)), "")
    if costume:
        _complete(found, _clauses(costume), said)
    _tint(found, palette, seed)
    number = int(hashlib.sha256((words + "|" + seed).encode()).hexdigest()[:8], 16)
    rows = GROWN if grown else EVERYDAY
    spare = _clauses(", ".join(rows[number % len(rows)]))
    _tint(spare, (), seed)
    plain = not any(slot in found for slot in ("top", "bottom", "whole", "over"))
    if "bottom" in found and found["bottom"].kind == "swim trunks" and "top" not in found:
        found["top"] = Garment("bare", "#f6e7c8")
    left = iter([c for c in map(colour, palette) if plain and c not in {g.fill for g in found.values()}])
    for slot in ("over", "top", "bottom", "feet"):
        if slot == "over" and not plain:
            continue
        if slot in spare and slot not in found and "whole" not in found:
            found[slot] = (
                replace(spare[slot], fill=next(left, spare[slot].fill)) if slot != "feet" else spare[slot]
            )
    if "top" not in found and "whole" not in found:
        found["top"] = Garment("tshirt", "#f6e7c8")
    if "bottom" not in found and "whole" not in found:
        found["bottom"] = Garment("trousers", "#34548a")
    return _put_on(found)


def _clauses(said: str) -> dict[str, Garment]:
    """Garments by slot; extras are kept under "extra <kind>"."""
    found: dict[str, Garment] = {}
    last, waiting = "", []
    for clause in re.split(r",|;|\band\b|\bover\b|\bwith\b|\bunder\b|\bplus\b|\bon top of\b|&|\+", said):
        colours = [colour(match.group(0)) for match in _COLOUR.finditer(clause)]
        pattern = next((name for name, rule in _PATTERN if rule.search(clause)), "")
        slot, kind = next(((s, k) for s, k, rule in _NOUN if rule.search(clause)), ("", ""))
        if pattern and slot == "extra" and kind == "badge":
            pattern = ""
        if not slot:
            if last and (pattern or colours):
                garment = found[last]
                second = colours[0] if colours else garment.second
                found[last] = replace(garment, pattern=pattern or garment.pattern, second=second)
                waiting = colours if not pattern else []
            else:
                waiting += colours
            continue
        if waiting and colours and len(waiting) == 1:
            colours = [waiting[0], *colours]
        elif waiting and not colours:
            colours = waiting
        waiting = []
        last = slot if slot != "extra" else f"extra {kind}"
        if last not in found:
            found[last] = Garment(
                kind, colours[0] if colours else "", colours[1] if len(colours) > 1 else "", pattern
            )
    return found


def _complete(found: dict[str, Garment], costume: dict[str, Garment], said: str) -> None:
    """Fill in what belongs to a costume; a hat only if hats were spoken of or the costume is meant as a whole."""
    full = bool(_FULL.search(said)) or not any(
        slot in found for slot in ("top", "bottom", "whole", "over", "hat", "cape")
    )
    if (
        found.get("whole", Garment("")).kind == "suit"
        and costume.keys() & {"whole", "top", "over"}
        and "suit" not in str(costume.get("whole"))
    ):
        suit = found.pop("whole")
        for slot in ("whole", "over", "bottom"):
            if slot in costume:
                found[slot] = replace(
                    costume[slot], fill=suit.fill or costume[slot].fill, pattern=suit.pattern
                )
        full = True
    for slot, garment in costume.items():
        if slot == "over" and "over" not in found and ("top" in found or "whole" in found):
            continue
        mine = found.get(slot)
        if slot in ("top", "bottom") and "whole" in found:
            continue
        if (
            slot == "whole"
            and ("top" in found or "bottom" in found or "over" in found)
            and "whole" not in found
        ):
            continue
        if mine is None:
            if slot not in ("hat", "cape") or full or garment.kind == "space helmet":
                found[slot] = garment
        elif mine.kind in _VAGUE or (
            mine.kind in ("coat", "jacket", "helmet", "cap") and slot in ("over", "hat")
        ):
            found[slot] = replace(
                garment, fill=mine.fill or garment.fill, pattern=mine.pattern or garment.pattern
            )
        elif mine.kind == garment.kind and not mine.fill:
            found[slot] = replace(garment, pattern=mine.pattern or garment.pattern)


def _tint(found: dict[str, Garment], palette: tuple[str, ...], seed: str) -> None:
    """Give colours to garments that have none: the palette's in order, then usual ones."""
    used = {garment.fill for garment in found.values() if garment.fill}
    left = [c for c in map(colour, palette) if c not in used]
    known = ("whole", "over", "cape", "top", "bottom", "hat", "feet")
    order: list[str] = [slot for slot in known if slot in found]
    order += [s for s in found if s.startswith("extra")]
    number = int(hashlib.sha256(("tint" + seed).encode()).hexdigest()[:8], 16)
    for i, slot in enumerate(order):
        garment = found[slot]
        if not garment.fill:
            usual = PLAIN.get(garment.kind)
            fill = (
                left.pop(0)
                if left and not (slot in ("feet",) and usual)
                else usual or FALLBACK[(number + i) % len(FALLBACK)]
            )
            garment = replace(garment, fill=fill)
        if slot == "whole" and not garment.second and left:
            garment = replace(garment, second=left.pop(0))
        found[slot] = garment


def _put_on(found: dict[str, Garment]) -> Wear:
    extras = tuple(garment for slot, garment in found.items() if slot.startswith("extra"))
    feet = found.get("feet")
    over, joined = found.get("over"), False
    whole = found.get("whole")
    if whole is not None:
        top_kind, bottom_kind, feet_kind = WHOLES[whole.kind]
        joined = whole.kind in JOINED
        top, bottom = replace(whole, kind=top_kind), replace(whole, kind=bottom_kind)
        feet = feet or Garment(
            feet_kind,
            whole.second if feet_kind in ("boots", "ballet") and whole.second else PLAIN.get(feet_kind, ""),
        )
        if whole.kind == "suit":
            over = over or Garment("jacket", whole.fill)
            top = found.get("top", Garment("shirt", "#fbf8f1"))
        if whole.kind == "leotard" and "bottom" not in found:
            bottom = Garment("tutu", "#f9cfd6" if whole.fill == "#ef9fae" else whole.fill, "", whole.pattern)
        elif "bottom" in found and whole.kind in ("dress", "leotard") and found["bottom"].kind == "leggings":
            extras = (*extras, Garment("leggings", found["bottom"].fill, pattern=found["bottom"].pattern))
    else:
        top, bottom = found["top"], found["bottom"]
    return Wear(
        top,
        bottom,
        over,
        found.get("cape"),
        found.get("hat"),
        feet or Garment("shoes", PLAIN["shoes"]),
        extras,
        joined,
    )
