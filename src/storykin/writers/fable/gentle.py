"""Writers, fable: wishes that need a kind no, and frightening ones that need a gentle turn.

Cruel, sexual and hateful wishes are declined. Monsters, ghosts and dragons stay, but are shy; fights
become games. The rest of the wish survives.
"""

import re

from storykin.errors import Unkind

DECLINED: dict[str, tuple[str, str]] = {
    "sexual": (
        r"sex\w*|porn\w*|nude\w*|naked|erotic\w*|boobs?|penis\w*|vagina\w*|horny|stripper\w*|fuck\w*|rape\w*|rapist\w*|orgy|"
        r"masturbat\w*|(?<!moby )dick(?! whittington)|pussy(?! ?cat| willow)|blowjob\w*|fetish\w*|kinky|whore\w*|slut\w*",
        "That is not something for a children's book.",
    ),
    "cruel": (
        r"tortur\w*|murder\w*|strangl\w*|behead\w*|decapitat\w*|slaughter\w*|massacre\w*|suicid\w*|mutilat\w*|dismember\w*|"
        r"terroris\w*|gore|gory|cannibal\w*|genocid\w*|lynch\w*|shoot\w* up|school shooting|kill (?:my|his|her|the|a|an|all|every|some)?"
        r"\s*(?:\w+ )?(?:mum|mom|mummy|mommy|dad|daddy|brother|sister|teacher|baby|child|children|kids?|people|man|woman|boy|"
        r"girl|family|friends?|cat|dog|puppy|kitten|pet)s?|hang(?:ed|ing)? (?:him|her|them|my)self|cocaine|heroin|meth",
        "A book for small children does not hurt anybody.",
    ),
    "hateful": (
        r"nazi\w*|hitler|nigg\w*|fagg\w*|kike\w*|retard\w*|ku klux|white power|"
        r"hate (?:all )?(?:jews|muslims|blacks|gays|foreigners|immigrants|women|girls|boys)",
        "In a children's book everybody is welcome.",
    ),
    "rude": (
        r"shit\w*|bitch\w*|bastard\w*|asshole\w*|arsehole\w*|cunt\w*|wank\w*|motherf\w*|bollocks|twat\w*",
        "Those words do not go into a children's book.",
    ),
}  # fmt: skip

_FOE = (
    r"(?:against )?(?:(?:the|a|an|all|some|my|his|her|two|three|big|bad|evil|scary) )*"
    r"(?:dragon|monster|giant|witch|wolf|wolves|bear|shark|pirate|zombie|ghost|dinosaur|villain|baddie|bad gu|robber|enem|robot|alien|lion|"
    r"tiger|crocodile|snake|spider|vampire|orc|troll|goblin|knight|soldier|ninja|t-rex)"
)
TURNS: tuple[tuple[str, str], ...] = (
    (rf"\b(?:killing|slaying|stabbing|destroying|defeating|(?:fighting|shooting|hunting|beating|attacking)(?= {_FOE})) (?:against )?",
     "making friends with "),
    (rf"\b(?:kill|slay|stab|destroy|defeat|(?:fight|shoot|hunt|beat|attack)(?=(?:s|ed)? {_FOE}))(?:s|ed)? (?:against )?",
     "make friends with "),
    (r"\b(?:machine |hand)?guns?\b", "water squirter"),
    (r"\b(?:pistol|rifle|revolver|shotgun)s?\b", "water squirter"),
    (r"\bbombs?\b", "confetti cannon"),
    (r"\b(?:at|in|to|a|the) war\b", "a pillow fight"),
    (r"\bwars?\b", "pillow fight"),
    (r"\b(?:sword|dagger)s?\b", "wooden sword"),
    (r"\b(?:blood|bloody)\b", "strawberry jam"),
    (r"\b(?:evil|deadly|killer|murderous|scary|terrifying|creepy|bloodthirsty|horrible|nasty|cruel|vicious|demonic)\b(?= \w)", "shy"),
    (r"\b(?:zombie|demon|devil|vampire|ghoul|werewolf|skeleton|witch king)\b", "shy monster"),
    (r"\b(?:zombies|demons|devils|vampires|ghouls|werewolves|skeletons)\b", "shy monsters"),
    (r"\b(?:dead|corpse|grave|coffin)\b", "sleepy"),
)  # fmt: skip

MEMORY = re.compile(
    r"\b(?:(?P<who>(?:my|our|his|her|their)? ?[\w' -]{2,30}?) (?:has |have )?(?:died|is dead|passed away|went to heaven|is in heaven)"
    r"|(?:death of|died|miss|remember(?:ing)?|dead) (?P<whom>(?:my|our|his|her|their) [\w' -]{2,30}))\b",
    re.I,
)


def refuse_unkind(text: str) -> None:
    """Raise `Unkind` for a wish that a children's book does not take up."""
    for pattern, sentence in DECLINED.values():
        if re.search(rf"\b(?:{pattern})\b", text, re.I):
            raise Unkind(
                sentence,
                "wish for something kind: an adventure, a friend, an animal, a place you would like to see",
            )


def memory_of(text: str) -> str:
    """Whom a sad wish remembers ("my dog Rex"), "" if it does not."""
    found = MEMORY.search(text)
    return (found["who"] or found["whom"] or "").strip() if found else ""


def gentle(text: str) -> str:
    """The wish with its frightening parts turned into something a child can sleep after."""
    for pattern, instead in TURNS:
        text = re.sub(pattern, instead, text, flags=re.I)
    text = re.sub(r"\bshy (?:shy )+", "shy ", text)
    return re.sub(r"\s+", " ", text).strip()
