"""Painters, sketch: from words for a place to its painted layers.

`NEAREST` says which drawn place is meant by words for others; what nobody knows becomes a meadow.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from storykin.painters.sketch.far_away import FAR_AWAY
from storykin.painters.sketch.indoors import ROOMS
from storykin.painters.sketch.light import over, tinted
from storykin.painters.sketch.outdoors import OUTDOORS
from storykin.painters.sketch.stage import Layers, Scenery, Stage
from storykin.painters.sketch.wilds import WILDS

PLACES: dict[str, Callable[[Scenery], None]] = {**ROOMS, **OUTDOORS, **WILDS, **FAR_AWAY}
"""Every drawn place by its name."""

OTHERWISE = "meadow"

NEAREST: dict[str, str] = {
    "bedroom": "bed, cot, nursery, dormitory, hotel, bedside, bunk, crib, blanket fort, pillow fort, dreamland, sleepover",
    "living room": "home, house, flat, apartment, sitting room, lounge, parlour, parlor, den, room, hall, hallway, stairs, cottage,"
    " sofa, fireplace, playroom, cabin, hut, grandma, grandpa, granny, grandmother, grandfather, nana, dining room, party",
    "kitchen": "restaurant, cafe, diner, canteen, pizzeria, kitchen table, pancake, cooking, pantry, larder, pizza",
    "classroom": "school, kindergarten, preschool, nursery school, daycare, class, lesson, schoolroom, playschool, academy, university",
    "library": "bookshop, bookstore, study, reading room, archive, books, bookcase",
    "clinic": "hospital, doctor, dentist, vet, surgery, ambulance, pharmacy, nurse, sickbed, waiting room, animal hospital, laboratory, lab,"
    " operating, health, hairdresser, barber, salon, bathroom, bath, bathtub, shower, toilet",
    "bakery": "baker, cake shop, patisserie, confectioner, sweet shop, candy shop, chocolate factory, ice cream parlour, ice-cream, coffee shop,"
    " gingerbread house",
    "shop": "store, supermarket, toyshop, toy store, grocery, greengrocer, mall, florist, flower shop, pet shop, post office, bank, tailor, office",
    "workshop": "garage, shed, barn workshop, factory, fire station, fire house, forge, smithy, inventor, studio, atelier, repair, toolshed,"
    " building site, construction site, carpenter, mechanic, pottery, hangar, police station, mill",
    "theatre": "theater, stage, concert, opera, ballet, cinema, talent show, puppet show, dance hall, gym, gymnasium, contest, recital",
    "museum": "gallery, exhibition, art museum, dinosaur museum, town hall, court, temple, church, aquarium hall, airport",
    "castle hall": "castle, palace, throne, throne room, ballroom, tower, dungeon, fortress, knight, king, queen, royal, kingdom, fairy castle",
    "attic": "loft, roof space, box room, cellar, basement, haunted house, treehouse, tree house, storeroom, rooftop",
    "garden": "backyard, back yard, yard, front garden, allotment, vegetable patch, greenhouse, flower bed, orchard, balcony, terrace, beehive, lawn, porch",
    "park": "playground, sandpit, sandbox, swing, slide, sports field, football pitch, soccer field, stadium, skate park, picnic, tennis court,"
    " race track, swimming pool, pool",
    "street": "town, city, village, market, square, town square, pavement, sidewalk, neighbourhood, neighborhood, corner, alley, shops, bus stop,"
    " downtown, parade",
    "road": "path, lane, highway, motorway, crossroads, bus, car, journey, way, taxi, countryside road, racetrack",
    "farm": "farmyard, barnyard, barn, stable, henhouse, chicken coop, pasture, paddock, field of corn, cornfield, pigsty, ranch, countryside,"
    " wheat field, pumpkin patch, windmill",
    "forest": "wood, woods, woodland, grove, tree, trees, camp, campsite, bear den, fox den, burrow, nest, fairy wood, enchanted forest, clearing",
    "meadow": "field, hill, hillside, grass, lawn of clover, prairie, flower meadow, outside, outdoors, country, valley, nature, fairyland, wonderland",
    "mountain": "mountains, volcano, cliff, peak, summit, alps, canyon, gorge, rocks, ridge, glacier valley, crater rim",
    "lake": "river, stream, brook, riverbank, bridge, shore of lake, waterfall, ferry, canal, dam, creek, reservoir, waterside",
    "beach": "seaside, island, shore, coast, sandbank, lagoon, desert island, treasure island, sand, bay, holiday, lighthouse, sea shore, seashore",
    "harbour": "harbor, port, dock, docks, quay, pier, marina, wharf, fishing village, jetty",
    "ship deck": "ship, boat, pirate ship, deck, sailing ship, yacht, ark, raft, galleon, steamer, cruise",
    "sea": "ocean, waves, open sea, water, sea surface, whale watching, high seas",
    "underwater": "under the sea, under the water, under the waves, sea bed, seabed, ocean floor, bottom of the sea, coral reef, reef, submarine,"
    " deep sea, aquarium, shipwreck, mermaid, fish tank, atlantis",
    "pond": "swamp, marsh, puddle, bog, frog pond, duck pond, wetland, lily pond, mire",
    "jungle": "rainforest, rain forest, tropics, savanna, savannah, dinosaur land, dinosaur valley, bamboo, safari, africa, prehistoric, amazon",
    "desert": "dunes, oasis, sahara, wild west, pyramid, egypt, outback, mesa",
    "snow": "ice, north pole, south pole, arctic, antarctic, antarctica, iceberg, igloo, winter, ski slope, glacier, sledging hill, ice rink, snowy hill,"
    " greenland, santa, frozen",
    "cave": "cavern, tunnel, mine, grotto, dragon's lair, lair, underground, treasure cave, hole, bear cave, crystal cave, sewer",
    "sky": "clouds, cloud, rainbow, hot-air balloon, balloon, airplane, aeroplane, plane, heaven, cloud castle, air, flying, above the clouds, kite, helicopter",
    "space": "moon, mars, planet, star, stars, galaxy, outer space, asteroid, comet, universe, jupiter, saturn, venus, crater, milky way",
    "spaceship": "inside spaceship, rocket, rocket ship, space station, spacecraft, ufo, cockpit, mission control, time machine, space shuttle, control room",
    "circus": "circus tent, big top, ring, trapeze, circus ring, arena",
    "station": "train, train station, railway, railway station, platform, subway, underground station, tram, metro, tracks",
    "fairground": "fair, funfair, carnival, carousel, merry-go-round, ferris wheel, amusement park, theme park, roller coaster, festival, night market",
    "zoo": "animal park, wildlife park, petting zoo, safari park, elephant house, monkey house, enclosure, cage",
}
"""Other words for each drawn place."""


@lru_cache(maxsize=1)
def _known() -> dict[str, str]:
    """Every known word or phrase and the drawn place that it means."""
    pairs = {
        phrase.strip().replace("'s", ""): name
        for name, words in NEAREST.items()
        for phrase in words.split(",")
    }
    return pairs | {name: name for name in PLACES}


@lru_cache(maxsize=256)
def place_of(words: str) -> str:
    """The drawn place nearest to any words; in "the kitchen at home" the part that comes first decides."""
    said = re.sub(r"[^a-z -]+", " ", re.sub(r"['’]s?\b", "", words.lower()))
    if re.search(r"\b(inside|in|aboard)\b.*\b(spaceship|rocket|spacecraft)\b", said):
        return "spaceship"
    if re.search(r"\b(under|below|beneath|bottom)\b.*\b(sea|water|waves|ocean|lake)\b", said):
        return "underwater"
    return _found(said) or next(filter(None, map(_found, re.split(_SMALL_WORDS, said))), OTHERWISE)


_SMALL_WORDS = r"\b(?:at|in|on|by|near|of|with|to|from|and|behind|above|over|beside|outside|into|through)\b"


def _found(said: str) -> str:
    """The place meant by the longest known phrase, of several the last; phrases of one word only if no small word parts them."""
    spoken = said.split()
    for long in range(min(4, len(spoken)), 0, -1):
        if long == 1 and len(re.split(_SMALL_WORDS, said)) > 1:
            return ""
        for end in range(len(spoken), long - 1, -1):
            phrase = " ".join(spoken[end - long : end])
            for form in (phrase, phrase.removesuffix("s"), phrase.removesuffix("es")):
                if form in _known():
                    return _known()[form]
    return ""


def place(words: str, stage: Stage) -> Layers:
    """The place that `words` name, painted for this stage: the same for the same words, nearer or farther."""
    name = place_of(words)
    sc = Scenery(words, stage, name)
    PLACES[name](sc)
    return Layers(
        tinted("".join(sc.back), sc.mood, stage), tinted("".join(sc.front), sc.mood, stage), over(sc)
    )
