"""Painters, sketch: every animal and creature as one row, and which row a word means.

A row says which skeleton it moves on and which ears, snout, tail and markings it wears; nothing here draws.
"""

import re
from dataclasses import dataclass
from functools import cache


@dataclass(frozen=True)
class Kind:
    """One kind of creature.

    `rig` is the skeleton: upright, four, bird, swimmer, octopus, crab, snail, insect or ghost.
    `height` is in centimetres, as picture books like it. `coat`, `belly` and `mark` are colours ("" lets the coat
    decide). `head`, `ears`, `snout`, `tail`, `marks` and `tops` name entries of the tables that draw them, `parts`
    further ones (wings, shell, whiskers …). `leg`, `long`, `girth`, `neck` and `skull` stretch the skeleton.
    `mood` is how it moves: trot, hop, waddle, lumber, glide or flutter.
    """

    rig: str
    height: int
    coat: str
    belly: str = ""
    mark: str = ""
    head: str = "round"
    ears: str = ""
    snout: str = "muzzle"
    tail: str = ""
    marks: str = ""
    tops: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()
    leg: float = 1.0
    long: float = 1.0
    girth: float = 1.0
    neck: float = 1.0
    skull: float = 1.0
    mood: str = "trot"


def _four(height: int, coat: str, **rest: object) -> Kind:
    return Kind("four", height, coat, **rest)  # type: ignore[arg-type]


def _up(height: int, coat: str, **rest: object) -> Kind:
    return Kind("upright", height, coat, **rest)  # type: ignore[arg-type]


def _bird(height: int, coat: str, **rest: object) -> Kind:
    return Kind("bird", height, coat, **({"mood": "hop"} | rest))  # type: ignore[arg-type]


def _swim(height: int, coat: str, **rest: object) -> Kind:
    return Kind("swimmer", height, coat, **({"mood": "glide"} | rest))  # type: ignore[arg-type]


KINDS: dict[str, Kind] = {
    # four legs
    "dog": _four(60, "light brown", mark="brown", ears="floppy", tail="wag", marks="patch", snout="dog"),
    "puppy": _four(38, "honey", mark="chestnut", ears="floppy", tail="wag", marks="patch", snout="dog", skull=1.22,
                   leg=0.72, long=0.84),
    "cat": _four(42, "ginger", mark="rust", head="wide", ears="pointy", tail="cat", marks="tabby", snout="cat",
                 parts=("whiskers",), girth=0.86, leg=0.92),
    "kitten": _four(26, "light grey", mark="grey", head="wide", ears="pointy", tail="cat", marks="tabby",
                    snout="cat", parts=("whiskers",), skull=1.22, leg=0.7, long=0.78, girth=0.85),
    "fox": _four(52, "#e07b3a", belly="white", mark="#5a3b34", head="cheeks", ears="pointy", tail="brush",
                 marks="fox", snout="fox", girth=0.85, leg=0.9),
    "wolf": _four(80, "#8b8f9a", belly="#e4e3e2", mark="#666b78", head="cheeks", ears="pointy", tail="brush",
                  marks="fox", snout="fox", leg=1.1),
    "hedgehog": _up(22, "#ecd0aa", belly="#f8e8cd", mark="#86644f", ears="small", snout="point", tops=("spinehair",),
                    parts=("spinyback",), girth=1.12, leg=0.8, skull=1.05, mood="waddle"),
    "lion": _four(110, "#e2b05a", belly="#f5e0b0", mark="#a8622f", ears="round", tail="tuft", snout="cat",
                  tops=("mane",), parts=("whiskers",), mood="lumber"),
    "tiger": _four(100, "#ea9a47", belly="white", mark="#4a3a38", head="wide", ears="round", tail="cat",
                   marks="stripes", snout="cat", parts=("whiskers",), mood="lumber"),
    "elephant": _four(200, "#9db0bf", belly="#b4c4cf", mark="#d9a9a8", ears="big", snout="trunk", tail="thin",
                      girth=1.55, leg=0.9, long=1.05, skull=1.25, neck=0.5, parts=("toes", "stout"), mood="lumber"),
    "giraffe": _four(260, "#f0cb72", belly="#f9e9c0", mark="#b9783c", head="long", ears="leaf", tail="tuft",
                     marks="giraffe", snout="horse", tops=("ossicones",), leg=1.5, neck=4.6, long=0.85, skull=0.8,
                     parts=("hooves",)),
    "pig": _four(70, "pink", mark="#d9808f", ears="flap", tail="curl", snout="pig", leg=0.72, girth=1.3,
                 neck=0.3, skull=1.08, parts=("hooves",), mood="waddle"),
    "cow": _four(145, "white", belly="#fbf8f1", mark="#4b3b38", head="long", ears="leaf", tail="tuft", marks="cow",
                 snout="cow", tops=("stubs",), girth=1.4, long=1.25, leg=0.9, parts=("hooves", "udder"),
                 mood="lumber"),
    "sheep": _four(85, "cream", belly="#5c4a45", mark="#5c4a45", head="sheep", ears="leaf", snout="lamb",
                   tail="puff", tops=("wool",), parts=("fleece",), leg=0.7, girth=1.3, long=0.95, neck=0.6),
    "goat": _four(85, "#efe6d8", mark="#a58a70", head="longish", ears="leaf", tail="short", snout="horse",
                  tops=("goathorns", "beard"), leg=0.9, parts=("hooves",), neck=1.3),
    "horse": _four(165, "chestnut", mark="#3f2f2b", head="long", ears="horse", tail="horse", snout="horse",
                   tops=("forelock",), parts=("hooves", "crest"), leg=1.35, long=1.15, neck=2.1, girth=1.1,
                   skull=0.82),
    "unicorn": _four(165, "#fdfaf6", mark="#e79cc2", head="long", ears="horse", tail="horse", snout="horse",
                     tops=("forelock", "unicorn"), parts=("hooves", "crest", "rainbow"), leg=1.3, long=1.12, neck=2.0,
                     skull=0.86),
    "donkey": _four(125, "#a79d97", belly="#efe8df", mark="#6d625e", head="long", ears="donkey", tail="tuft",
                    snout="horse", tops=("forelock",), parts=("hooves", "crest"), leg=1.1, neck=1.6, skull=0.92),
    "deer": _four(130, "#bf8655", belly="#f3e2c4", mark="#f8ecd4", head="longish", ears="leaf", tail="short",
                  marks="spots", snout="fox", tops=("antlers",), leg=1.45, neck=1.7, skull=0.85,
                  parts=("hooves",)),
    "turtle": _four(40, "#93bd72", belly="#c8d99b", mark="#8f7048", head="round", snout="none", tail="short",
                    parts=("shell",), leg=0.5, girth=1.1, neck=1.0, skull=0.95, mood="lumber"),
    "crocodile": _four(80, "#79a863", belly="#d8dfa0", mark="#578049", head="pear", snout="croc", tail="lizard",
                       tops=("bumps",), parts=("ridge", "fangs"), leg=0.45, long=1.7, girth=0.95, skull=0.95, neck=0.3,
                       mood="waddle"),
    "longneck": _four(260, "#8fb9a8", belly="#d9e6c3", mark="#6b988a", head="round", snout="dino", tail="lizard",
                      marks="backspots", leg=0.85, girth=1.5, neck=4.0, long=1.25, skull=0.85,
                      parts=("toes", "stout"), mood="lumber"),
    "stegosaurus": _four(160, "#a9bf6b", belly="#e5e3ab", mark="#e08d54", head="round", snout="dino", tail="lizard",
                         parts=("plates", "toes", "stout"), leg=0.8, girth=1.5, neck=0.8, long=1.2, skull=0.88,
                         mood="lumber"),
    "triceratops": _four(150, "#7fa7c2", belly="#d6dfd6", mark="#d98d6a", head="pear", snout="dino", tail="lizard",
                         tops=("frill", "threehorns"), parts=("toes", "stout"), leg=0.75, girth=1.5, neck=0.4, long=1.1,
                         skull=1.1, mood="lumber"),
    "zebra": _four(140, "#fbf8f1", mark="#4a4144", head="long", ears="horse", tail="tuft", marks="stripes",
                   snout="horse", tops=("forelock",), parts=("hooves", "crest", "darksnout"), leg=1.15, neck=1.8,
                   skull=0.86),
    # two legs
    "bear": _up(150, "#a5714a", belly="#d9b285", ears="round", snout="bear", tail="bob", girth=1.25, mood="lumber"),
    "polar bear": _up(170, "#fbf7ee", belly="#fffdf8", mark="#d8dde2", ears="round", snout="bear", tail="bob",
                      girth=1.3, mood="lumber"),
    "panda": _up(130, "#fbf8f1", belly="#fffdf8", mark="#453c40", ears="round", snout="bear", tail="bob",
                 marks="panda", girth=1.32, skull=1.08, mood="lumber"),
    "koala": _up(70, "#a3a6ad", belly="#e7e5e3", mark="#cfd0d3", ears="fan", snout="koala", girth=1.15, skull=1.1,
                 mood="waddle"),
    "rabbit": _up(45, "#cdb29a", belly="#f6ead8", ears="long", snout="bunny", tail="puff", parts=("whiskers",),
                  girth=0.98, skull=1.02, mood="hop"),
    "mouse": _up(22, "#b9aaa5", belly="#efe3da", ears="fan", snout="tiny", tail="mouse", parts=("whiskers",),
                 girth=0.95, skull=1.08),
    "squirrel": _up(30, "#c9713d", belly="#f7e6cb", mark="#b05c30", head="wide", ears="tuft", snout="bunny",
                    tail="squirrel", parts=("whiskers",), girth=0.92, mood="hop"),
    "raccoon": _up(50, "#9a989c", belly="#d9d6d2", mark="#4e474c", head="cheeks", ears="round", snout="fox",
                   tail="ringed", marks="bandit"),
    "monkey": _up(80, "#8f5f41", belly="#eac59c", ears="sides", snout="monkey", tail="monkey", girth=0.9,
                  marks="monkeyface", mood="hop"),
    "kangaroo": _up(140, "#c58f5d", belly="#f0d9b3", head="longish", ears="donkey", snout="fox", tail="thick",
                    parts=("pouch",), leg=1.3, girth=1.0, skull=0.86, mood="hop"),
    "beaver": _up(50, "#8a5d42", belly="#c89b6f", ears="round", snout="bear", tail="paddle", parts=("buckteeth",),
                  girth=1.15, mood="waddle"),
    "mole": _up(26, "#6b6066", belly="#8d8087", ears="", snout="point", parts=("bigpaws",), girth=1.2,
                mood="waddle"),
    "frog": _up(28, "#7fb75c", belly="#dde8a6", head="frog", snout="none", parts=("frogeyes", "wideleg"), girth=1.12,
                leg=0.75, mood="hop"),
    "dinosaur": _up(190, "#7db56e", belly="#e3e8ae", mark="#e7955a", head="pear", snout="dino", tail="dino",
                    tops=("headspikes",), marks="backspots", parts=("spikes", "shortarms", "toes"), girth=1.3, skull=1.1,
                    mood="lumber"),
    "dragon": _up(190, "#76a96b", belly="#f1dc9c", mark="#e79a58", head="pear", ears="fin", snout="dragon",
                  tail="dragon", tops=("headspikes", "horns"), parts=("spikes", "wings", "toes", "plates"), girth=1.25,
                  skull=1.06, mood="lumber"),
    "robot": _up(120, "#9dbccb", belly="#dbe7ea", mark="#ee8e5c", head="box", snout="none", tops=("antenna",),
                 parts=("tin",), mood="waddle"),
    "monster": _up(140, "#8f7fc4", belly="#c9bce6", mark="#f1c873", head="shaggy", snout="none",
                   tops=("horns",), parts=("fangs", "shaggy"), tail="tuft", girth=1.3, skull=1.12, mood="lumber"),
    "alien": _up(90, "#8cc98f", belly="#c7e8bd", mark="#f0c45c", head="bulb", snout="none", tops=("antennae",),
                 parts=("bigeyes",), girth=0.85, skull=1.12, mood="hop"),
    "snowman": _up(130, "#fbfaf6", belly="#ffffff", mark="#6d4a36", head="round", snout="carrot", parts=("snow",),
                   girth=1.5, skull=0.86, mood="waddle"),
    "gingerbread man": _up(40, "#c07f47", belly="#c07f47", mark="#fdf6e9", head="round", snout="none",
                           parts=("cookie",), mood="hop"),
    # birds
    "bird": _bird(18, "#6fa6d6", belly="#f7dfb4", mark="#4f84b8", snout="beak", tail="fan", tops=("crest",)),
    "chick": _bird(14, "#f6d561", belly="#f9e48f", mark="#eab93f", snout="beak", tops=("quiff",), skull=1.15),
    "hen": _bird(45, "#fbf3e4", belly="#fffaf0", mark="#d9513f", snout="beak", tail="hen", tops=("comb",),
                 long=1.2, neck=1.0, mood="waddle"),
    "duck": _bird(40, "#fbf6ea", belly="#fffdf6", mark="#e4dccb", snout="bill", tail="up", long=1.3, neck=1.5,
                  mood="waddle"),
    "duckling": _bird(16, "#f6d158", belly="#fae38b", mark="#e9b93f", snout="bill", tail="up", tops=("quiff",),
                      long=1.05, neck=0.3, skull=1.2, mood="waddle"),
    "swan": _bird(120, "#fdfbf6", belly="#ffffff", mark="#3f3a3d", snout="bill", tail="up", long=1.6, neck=4.2,
                  skull=0.72, parts=("swan",), mood="glide"),
    "owl": _bird(40, "#a47e5e", belly="#ecd9b8", mark="#7b5a43", snout="hook", ears="tuft", marks="owl",
                 parts=("erect",), skull=1.15, mood="waddle"),
    "penguin": _bird(80, "#46536b", belly="#fdfaf3", mark="#f1b04c", snout="beak", marks="penguin",
                     parts=("erect",), tail="nub", mood="waddle"),
    "parrot": _bird(45, "#d9513f", belly="#f1a35b", mark="#4f86c1", snout="hook", tail="long", marks="parrot",
                    tops=("crest",), parts=("erect",)),
    # water
    "whale": _swim(170, "#6a9cc4", belly="#e9eee9", mark="#5585ad", tail="fluke", parts=("grooves", "spout")),
    "dolphin": _swim(90, "#8aa9c4", belly="#eaf0f0", mark="#6e90ad", tail="fluke", parts=("dorsal", "nose"),
                     girth=0.72),
    "shark": _swim(110, "#8fa3b3", belly="#f1f2ee", mark="#71889b", tail="shark", parts=("dorsal", "gills", "teeth"),
                   girth=0.8),
    "fish": _swim(20, "#f0964b", belly="#fbdfa3", mark="#e2683f", tail="fish", marks="bands",
                  parts=("fins",), girth=1.15, long=0.8),
    "octopus": Kind("octopus", 90, "#c981a6", belly="#eab9cb", mark="#b0668f", snout="none", mood="glide"),
    "crab": Kind("crab", 22, "#e2644d", belly="#f3a183", mark="#c54f3d", snout="none", mood="waddle"),
    # small ones
    "snail": Kind("snail", 14, "#e6c193", belly="#f2d9b3", mark="#b9714c", snout="none", mood="glide"),
    "butterfly": Kind("insect", 14, "#5f4a48", belly="#8a6b60", mark="#ee8f5e", snout="none", mood="flutter"),
    "bee": Kind("insect", 12, "#f4c84f", belly="#f8dd8a", mark="#5a443a", snout="none", parts=("bee",),
                mood="flutter"),
    "ladybird": Kind("insect", 10, "#d9513f", belly="#e98370", mark="#463638", snout="none", parts=("beetle",),
                     mood="waddle"),
    "ghost": Kind("ghost", 110, "#f6f3ee", belly="#ffffff", mark="#d6d3df", snout="none", mood="glide"),
}  # fmt: skip

PEOPLE_WORDS = (
    "adult aunt auntie baby boy brother child children dad daddy daughter elder father friend gentleman girl grandad"
    " granddad granddaughter grandfather grandma grandmother grandpa grandparent grandson granny human infant kid lady man"
    " mom mommy mother mum mummy nan nana neighbour neighbor nephew niece nurse papa parent people person sister son"
    " teenager toddler twin uncle woman women men teacher doctor baker pirate king queen prince princess knight wizard"
    " witch farmer firefighter astronaut sailor captain clown chef vet mermaid fairy elf"
)
PEOPLE = frozenset(PEOPLE_WORDS.split())

SYNONYMS: dict[str, str] = {
    "dog": "dachshund poodle hound terrier spaniel retriever labrador beagle corgi collie husky mutt doggy doggie pug"
           " sheepdog dalmatian bulldog",
    "puppy": "pup puppies whelp",
    "cat": "tomcat lynx tabby pussycat moggy",
    "kitten": "kitty kittens kit",
    "fox": "vixen cub fennec",
    "wolf": "coyote jackal werewolf hyena dingo",
    "hedgehog": "porcupine echidna urchin",
    "lion": "lioness manticore sphinx griffin gryphon",
    "tiger": "leopard jaguar cheetah panther puma cougar",
    "elephant": "mammoth mastodon tapir anteater aardvark",
    "giraffe": "okapi",
    "pig": "piglet boar sow hog hippo hippopotamus warthog peccary",
    "cow": "bull calf ox cattle bison buffalo yak highland",
    "sheep": "lamb ram ewe",
    "goat": "kid-goat ibex billy billygoat nanny-goat chamois",
    "horse": "pony foal stallion mare colt camel llama alpaca dromedary",
    "unicorn": "pegasus alicorn",
    "donkey": "mule ass burro",
    "deer": "fawn stag doe reindeer elk moose antelope gazelle caribou impala roe",
    "turtle": "tortoise terrapin armadillo",
    "crocodile": "alligator croc gator lizard gecko iguana chameleon caiman salamander newt snake python cobra",
    "longneck": "brontosaurus brachiosaurus diplodocus sauropod apatosaurus nessie",
    "stegosaurus": "ankylosaurus stego",
    "triceratops": "rhino rhinoceros styracosaurus protoceratops",
    "zebra": "",
    "bear": "grizzly teddy bearcub paddington gorilla",
    "polar bear": "polarbear icebear walrus",
    "panda": "badger skunk",
    "koala": "wombat sloth opossum possum",
    "rabbit": "bunny hare bunnies chinchilla jackrabbit",
    "mouse": "rat hamster gerbil shrew vole mice dormouse guinea",
    "squirrel": "chipmunk marten weasel ferret stoat",
    "raccoon": "racoon lemur tanuki meerkat mongoose",
    "monkey": "ape chimp chimpanzee gibbon baboon orangutan orang-utan",
    "kangaroo": "wallaby roo joey",
    "beaver": "otter marmot groundhog capybara woodchuck platypus",
    "mole": "",
    "frog": "toad tadpole treefrog axolotl",
    "dinosaur": "dino t-rex trex tyrannosaurus rex velociraptor raptor godzilla allosaurus spinosaurus iguanodon",
    "dragon": "wyvern hydra phoenix pterodactyl pterosaur drake basilisk",
    "robot": "android droid automaton cyborg machine computer rover",
    "monster": "yeti bigfoot troll ogre beast gruffalo goblin bogeyman sasquatch giant cyclops demon gremlin creature"
               " orc golem imp gnome",
    "alien": "martian extraterrestrial spaceman-creature moonling ufo venusian",
    "snowman": "snowwoman snowperson",
    "gingerbread man": "gingerbread cookie biscuit-man",
    "bird": "robin sparrow finch bluebird swallow wren tit nightingale lark blackbird crow raven magpie jay pigeon dove"
            " canary bat songbird seagull gull cuckoo hummingbird woodpecker starling",
    "chick": "chickling hatchling nestling",
    "hen": "chicken rooster cockerel cock turkey peacock pheasant quail partridge peahen",
    "duck": "goose drake-duck mallard gosling-mother",
    "duckling": "gosling cygnet",
    "swan": "flamingo heron stork crane ostrich pelican emu",
    "owl": "owlet eagle hawk falcon vulture buzzard",
    "penguin": "puffin auk",
    "parrot": "toucan macaw cockatoo budgie parakeet budgerigar cockatiel",
    "whale": "orca narwhal beluga manatee humpback",
    "dolphin": "porpoise seal sealion",
    "shark": "hammerhead",
    "fish": "goldfish salmon trout clownfish seahorse tuna herring pike carp cod minnow ray eel pufferfish",
    "octopus": "squid jellyfish kraken cuttlefish",
    "crab": "lobster shrimp prawn scorpion crayfish starfish",
    "snail": "slug worm earthworm caterpillar",
    "butterfly": "moth dragonfly firefly glow-worm",
    "bee": "wasp bumblebee hornet fly mosquito gnat",
    "ladybird": "ladybug beetle ant spider bug cricket grasshopper insect cockroach",
    "ghost": "spirit phantom spook poltergeist wraith cloud",
}  # fmt: skip

FANTASY = re.compile(
    r"(magic|myth|fantas|fairy|wonder|dream|strange|furry thing|thing|imaginary|invisible|-?saur)"
)


@cache
def _meanings() -> dict[str, str]:
    known = {name: name for name in KINDS}
    for kind, words in SYNONYMS.items():
        known |= {word: kind for word in words.split() if word not in known}
    return known


def _words(words: str) -> list[str]:
    """The single words, the last first: in "purple dragon dog" the noun comes last."""
    return re.findall(r"[a-z]+(?:-[a-z]+)*", words.lower())[::-1]


PAIRS = {"polar bear": "polar bear", "gingerbread man": "gingerbread man", "gingerbread boy": "gingerbread man",
         "guinea pig": "mouse", "teddy bear": "bear", "sea lion": "dolphin", "snow man": "snowman",
         "killer whale": "whale", "sea horse": "fish", "praying mantis": "ladybird"}  # fmt: skip


def _known(words: str, loosely: bool = True) -> str:
    """The kind that words name, "" for none; what stands before "with", "in" or "of" counts first."""
    spoken = words.lower().strip()
    head = re.split(r"\b(?:with|in|on|of|from|who|that|named|called|at|for)\b", spoken)[0]
    for text in (head, spoken):
        pair = next((kind for pair, kind in PAIRS.items() if pair in text), "")
        if pair:
            return pair
        for word in _words(text):
            found = _meaning(word, loosely)
            if found:
                return found
    return ""


def _meaning(word: str, loosely: bool) -> str:
    known = _meanings()
    forms = (
        word,
        word.removesuffix("s"),
        word.removesuffix("es"),
        word.replace("-", ""),
        *word.split("-")[::-1],
    )
    found = next((known[form] for form in forms if form in known), "")
    if not found and re.search(r"saur(us)?$", word):
        return "dinosaur"
    if not found and loosely and len(word) > 5:  # "dragonling", "wolfhound"
        names = sorted((name for name in KINDS if len(name) > 3), key=lambda name: (-len(name), name))
        return next((name for name in names if word.endswith(name) or word.startswith(name)), "")
    return found


def kind_of(words: str) -> str:
    """The nearest of `KINDS` for any words; unknown fantasy words mean a monster, other unknown ones a small dog."""
    return _known(words) or ("monster" if FANTASY.search(words.lower()) else "puppy")


def is_creature(kind: str) -> bool:
    """Whether `Look.kind` names an animal or creature; people, and words that nobody here knows, are none."""
    words = _words(kind)
    if not words or (
        words[0] in PEOPLE and not _meaning(words[0], False) and "gingerbread" not in kind.lower()
    ):
        return False
    return bool(_known(kind, False))
