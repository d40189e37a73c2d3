"""Writers, fable: small words that a wish is read by. Family, names, determiners, what is no place and no name."""

FAMILY: dict[str, tuple[str, str, int]] = {
    "grandma": ("Grandma", "she", 66), "granny": ("Granny", "she", 68), "nana": ("Nana", "she", 66), "nan": ("Nan", "she", 66),
    "grandmother": ("Grandmother", "she", 68), "grandpa": ("Grandpa", "he", 68), "grandad": ("Grandad", "he", 68),
    "granddad": ("Granddad", "he", 68), "grandfather": ("Grandfather", "he", 70), "grampa": ("Grampa", "he", 68),
    "opa": ("Opa", "he", 68), "oma": ("Oma", "she", 66), "mum": ("Mum", "she", 36), "mummy": ("Mummy", "she", 35),
    "mom": ("Mom", "she", 36), "mommy": ("Mommy", "she", 35), "mama": ("Mama", "she", 35), "mother": ("Mother", "she", 37),
    "dad": ("Dad", "he", 38), "daddy": ("Daddy", "he", 37), "papa": ("Papa", "he", 38), "father": ("Father", "he", 39),
    "auntie": ("Auntie", "she", 34), "aunt": ("Aunt", "she", 35), "uncle": ("Uncle", "he", 36), "aunty": ("Aunty", "she", 34),
}  # fmt: skip
RELATIONS: dict[str, tuple[str, str, int]] = {
    "big sister": ("child", "she", 9), "little sister": ("child", "she", 3), "baby sister": ("child", "she", 2),
    "big brother": ("child", "he", 9), "little brother": ("child", "he", 3), "baby brother": ("child", "he", 2),
    "sister": ("child", "she", 6), "brother": ("child", "he", 6), "cousin": ("child", "they", 6), "twin": ("child", "they", 5),
    "best friend": ("child", "they", 5), "friend": ("child", "they", 5), "teacher": ("adult", "they", 34),
    "neighbour": ("adult", "they", 60), "neighbor": ("adult", "they", 60), "babysitter": ("adult", "they", 19),
    "baby": ("child", "they", 2),
}  # fmt: skip
NICKNAMES = {
    "sister": "Sis",
    "brother": "Bro",
    "friend": "Buddy",
    "cousin": "Cuz",
    "twin": "Twin",
    "baby": "Baby",
}
"""What a relative is called in a sentence whose name the wish does not say."""
SHE = frozenset([
    "Ada", "Alice", "Alma", "Amelia", "Amy", "Anna", "Anne", "Aria", "Ava", "Bella", "Beatrice", "Carla",
    "Charlotte", "Chloe", "Clara", "Daisy", "Edith", "Ella", "Elena", "Eliza", "Elsa", "Emilia", "Emily", "Emma",
    "Erin", "Eva", "Evie", "Fatima", "Fiona", "Florence", "Freya", "Frida", "Grace", "Greta", "Hannah", "Helen",
    "Holly", "Ida", "Ingrid", "Isabella", "Isla", "Ivy", "Jana", "Jane", "Jasmine", "Julia", "Lara", "Laura",
    "Layla", "Lea", "Lena", "Leonie", "Lila", "Lily", "Lina", "Lisa", "Lotta", "Lotte", "Lucy", "Luisa", "Luna",
    "Maja", "Maria", "Marie", "Martha", "Mary", "Matilda", "Maya", "Mia", "Mila", "Mina", "Molly", "Nadia", "Nina",
    "Nora", "Olivia", "Paula", "Penelope", "Petra", "Phoebe", "Poppy", "Rosa", "Rose", "Rosie", "Ruby", "Sara",
    "Sarah", "Sofia", "Sophia", "Sophie", "Stella", "Tilda", "Tilly", "Violet", "Willow", "Yasmin", "Zara", "Zoe",
    "Zoey",
])  # fmt: skip
HE = frozenset([
    "Adam", "Albert", "Alexander", "Ali", "Anton", "Arthur", "Aron", "Ben", "Benjamin", "Bruno", "Carl", "Charlie",
    "Daniel", "David", "Edward", "Elias", "Emil", "Ethan", "Felix", "Finn", "Frederick", "Fritz", "George",
    "Gustav", "Hamza", "Harry", "Henry", "Hugo", "Isaac", "Ivan", "Jack", "Jacob", "Jakob", "James", "Jan",
    "Jasper", "Joe", "John", "Jonas", "Jonathan", "Joseph", "Joshua", "Julian", "Kai", "Karl", "Lars", "Leo",
    "Leon", "Levi", "Liam", "Louis", "Luca", "Lucas", "Luis", "Lukas", "Magnus", "Mark", "Martin", "Matteo",
    "Matthew", "Max", "Mohammed", "Nathan", "Nico", "Niklas", "Noah", "Oliver", "Omar", "Oscar", "Oskar", "Otto",
    "Owen", "Paul", "Peter", "Philip", "Rafael", "Samuel", "Sebastian", "Simon", "Stefan", "Thomas", "Theo",
    "Theodore", "Tim", "Tobias", "Tom", "Tommy", "Victor", "Vincent", "Wilbur", "William", "Yusuf",
])  # fmt: skip

DETERMINERS = [
    "a", "an", "the", "my", "our", "your", "his", "her", "their", "its", "some", "this", "that", "these", "those",
]  # fmt: skip
STOPS = frozenset([
    "and", "or", "but", "who", "that", "which", "whose", "with", "without", "in", "on", "at", "to", "into", "onto",
    "from", "for", "under", "over", "through", "across", "inside", "outside", "behind", "beside", "between",
    "around", "near", "where", "when", "while", "because", "so", "if", "as", "than", "until", "till", "after",
    "before", "about", "by", "off", "up", "down", "is", "was", "are", "were", "am", "be", "being", "been", "can",
    "can't", "cannot", "could", "couldn't", "will", "won't", "would", "has", "had", "have", "does", "doesn't", "do",
    "did", "don't", "all", "together", "very", "then", "too", "again", "only", "just", "really", "by", "during",
    "against", "like", "named", "called", "i", "me", "we", "us", "he", "she", "it", "they", "them", "you",
])  # fmt: skip
NOT_PLACES = frozenset([
    "day", "night", "morning", "evening", "afternoon", "birthday", "dream", "dreams", "time", "way", "trip",
    "adventure", "story", "book", "holiday", "holidays", "end", "beginning", "middle", "christmas", "easter",
    "halloween", "summer", "winter", "spring", "autumn", "rain", "snow", "dark", "sun", "moonlight", "love",
    "trouble", "charge", "cream", "weekend", "bed", "back", "home", "fire", "sleep", "life", "head", "hand",
    "hands", "arm", "lap", "mouth", "pocket", "hat", "bag", "box", "team", "once", "first", "last", "row", "half",
    "secret", "line", "world", "whole world", "universe", "school-bag", "bike", "bicycle", "boat", "tractor", "train", "horse", "dog", "unicorn",
])  # fmt: skip
PLACE_PREPOSITIONS = frozenset(
    ["to", "in", "on", "at", "into", "inside", "through", "around", "across", "under", "over", "onto"]
)
NOT_NAMES = frozenset([
    "I", "Me", "My", "We", "Us", "He", "She", "It", "They", "The", "A", "An", "And", "Or", "But", "With", "When",
    "Where", "Why", "How", "What", "Who", "If", "On", "In", "At", "To", "For", "From", "Mars", "Christmas",
    "Easter", "Halloween", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday", "January",
    "February", "March", "April", "June", "July", "August", "September", "October", "November", "December",
    "English", "Santa", "God", "Mr", "Mrs", "Ms", "Dr",
])  # fmt: skip
ENGLISH = frozenset([
    "a", "an", "the", "i", "me", "my", "we", "our", "you", "he", "she", "it", "they", "and", "or", "of", "to", "in",
    "on", "at", "with", "for", "from", "about", "where", "when", "who", "what", "why", "how", "is", "are", "was",
    "be", "being", "can", "want", "book", "story", "day",
])  # fmt: skip
FOREIGN = frozenset([
    "ein", "eine", "einen", "einem", "einer", "der", "das", "und", "oder", "ich", "mich", "mein", "meine", "mit",
    "über", "ueber", "von", "für", "fuer", "ist", "nicht", "auf", "wie", "buch", "geschichte", "le", "la", "les",
    "un", "une", "des", "du", "et", "avec", "mon", "ma", "mes", "sur", "dans", "pour", "je", "histoire", "livre",
    "el", "los", "las", "una", "mi", "sobre", "cuento", "quiero", "historia", "libro", "il", "lo", "gli", "di",
    "che", "per", "uno", "storia", "um", "uma", "com", "meu", "minha", "livro", "een", "het", "van", "voor", "mijn",
    "boek", "verhaal", "en", "och", "med", "om", "bok", "og",
])  # fmt: skip


COLOURS = frozenset([
    "red", "orange", "yellow", "gold", "golden", "green", "blue", "turquoise", "purple", "violet", "pink", "brown",
    "black", "grey", "gray", "white", "silver", "rainbow", "lilac",
])  # fmt: skip


PAST = {"falls": "fell", "comes": "came", "goes": "went", "flies": "flew", "is": "was", "are": "were", "can": "could",
         "eats": "ate", "runs": "ran", "gets": "got", "wakes": "woke", "finds": "found", "turns": "turned", "rains": "rained",
         "snows": "snowed", "sings": "sang", "has": "had", "loses": "lost", "grows": "grew", "becomes": "became", "moves": "moved",
         "starts": "started", "disappears": "disappeared", "talks": "talked", "will": "would", "meets": "met"}  # fmt: skip
MISHAPS = PAST | {
    "breaks": "broke", "sinks": "sank", "blows": "blew", "rolls": "rolled", "melts": "melted", "floats": "floated",
    "draws": "drew", "jumps": "jumped", "escapes": "escaped", "vanishes": "vanished", "stops": "stopped", "bursts": "burst",
    "explodes": "exploded", "shrinks": "shrank", "slides": "slid", "crashes": "crashed", "drives": "drove", "leaves": "left",
    "swims": "swam", "dances": "danced", "paints": "painted", "makes": "made", "says": "said", "tips": "tipped", "lands": "landed",
}  # fmt: skip
"""What a thing can do of its own accord, in the present and in the past."""
NUMERALS = (
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "twelve",
    "hundred",
    "thousand",
)
RIDES = {
    "train": "took the long blue train", "bus": "took the bus to the very last stop", "boat": "sailed off in a small boat",
    "ship": "sailed off in a tall ship", "plane": "flew there in a plane", "aeroplane": "flew there in a plane",
    "airplane": "flew there in a plane", "balloon": "floated off in a balloon", "rocket": "flew in a silver rocket",
    "space": "flew in a silver rocket", "spaceship": "flew in a silver rocket", "submarine": "dived down in a submarine",
    "car": "rode in the back of the car", "bike": "pedalled all the way", "bicycle": "pedalled all the way",
    "sleigh": "glided there in a sleigh", "sledge": "glided there on a sledge", "camel": "rode there on a camel",
    "horse": "rode there on a horse", "pony": "rode there on a pony", "tram": "took the rattling tram",
}  # fmt: skip
"""How one travels on a wished ride: a train ride, a balloon trip."""
SAYS_WHAT = frozenset([
    "flies", "goes", "snowed", "rained", "wants", "wanted", "likes", "loves", "keeps", "learns", "lives", "lived", "finds",
    "gets", "needs", "tries", "dreams", "loses", "makes", "wishes", "becomes", "meets", "hates", "eats", "sings", "dances",
    "plays", "thinks", "says", "knows", "comes", "came", "went", "opens", "helps", "forgets", "turns",
])  # fmt: skip
"""Verbs that end a noun phrase: the whale wants …"""
TRADES = {
    "\u2695": "doctor", "\u2708": "pilot", "\U0001f680": "astronaut", "\U0001f692": "firefighter", "\U0001f373": "cook",
    "\U0001f3a4": "singer", "\U0001f3eb": "teacher", "\U0001f33e": "farmer", "\U0001f527": "mechanic", "\U0001f3a8": "painter",
    "\U0001f52c": "scientist", "\U0001f393": "student", "\U0001f3ed": "builder", "\u2696": "judge", "\U0001f4bb": "inventor",
}  # fmt: skip
"""What somebody is who carries this picture in an emoji."""
TALE_FOLK = (
    "bear",
    "duckling",
    "goat",
    "goldilock",
    "gruff",
    "pig",
    "piglet",
    "swan",
    "troll",
    "wolf",
    "wolve",
)
"""Who lives in the tales: with a tale they are its own people, nobody's companions."""
