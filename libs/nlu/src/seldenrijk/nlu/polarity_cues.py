"""Phrases that exclude, permit, correct or ask; matched on the folded text around a mention."""

import re

from seldenrijk.nlu.text import word_set

NEGATION = word_set(
    "geen niet zonder behalve nooit noch kein keine keinen ohne not no without except nicht never "
    "uitgezonderd gn geeen excl excluding but nix"
) - {"but"}
BETWEEN = word_set(
    "een n 'n op zoek naar looking for interesse de het in te met zo zo'n kleur als a an the type "
    "merk auto zijn wordt in't t wil meer ook zeker echt absoluut model per se bij die zelf any "
    "ein eine einen kwa heel al van nieuwe oude"
)
FREE_AFTER = re.compile(
    r"^[\w\s,'/€.-]{0,25}?\b(?:maakt? (?:me |mij |ons |voor mij |mij echt |eigenlijk |"
    r"verder )*(?:niet|nie|niks|geen)(?: zo)?(?: zo veel| zoveel| veel)? ?(?:uit|verschil)|"
    r"boeit (?:niet|me niet|mij niet|niks)|hoeft? (?:ook |echt |van mij |voor mij |"
    r"van ons )?(?:niet|nie|dan niet|ik niet|er niet|er ook niet)|"
    r"niet (?:per se |echt |persee |perse )?(?:nodig|noodzakelijk|verplicht|vereist|belangrijk)|"
    r"is (?:ook )?geen (?:must|eis|vereiste|probleem|voorwaarde|ramp)|niet per ?se|hoeft niet|"
    r"geen must|geen eis|is (?:ook )?(?:goed|prima|ok|oke|oké|best|welkom)|zijn (?:ook )?(?:goed|"
    r"prima|welkom)|(?:is|vind ik|zou) ook (?:goed|prima|ok|oke|leuk)|"
    r"ook (?:goed|prima|best|ok|oke)|om het even|doesn'?t matter|don'?t (?:need|care)|"
    r"not (?:needed|necessary|required)|is fine|no need|egal|nicht notig|muss nicht|kan ook|"
    r"interesseert me niet|laat (?:ik|me) open|not a must|speelt geen rol|vind ik niet belangrijk|"
    r"mag ontbreken)\b"
)
ALLOWED_BEFORE = re.compile(
    r"\b(?:mag|mogen|darf|may|can be)\b(?! (?:niet|geen|ik|wij|we|max\w*|er niet|"
    r"absoluut niet))(?: (?:ook|best|wel|gerust|van mij|zijn|een|eventueel|evt|het|hij|in|het|de|"
    r"desnoods|dan|ie|'n|n|a|donker))* ?$"
)
ALLOWED_AFTER = re.compile(
    r"^(?: [a-z-]+){0,2}? (?:mag|mogen|kan)(?: (?:ook|best|wel|gerust|van mij|zijn|"
    r"eventueel))*(?! (?:niet|geen|ik|max|er|een|absoluut))(?=$|[ ,.!?])"
)
REJECTED_AFTER = re.compile(
    r"^[ ,]*(?:(?:mag|mogen|wil|willen|hoef|kan|mogen) (?:ik |we |wij |het |hij |er )?(?:echt |"
    r"absoluut |zeker |liever )?(?:niet|nie)\b(?! uit)|liever niet|absoluut niet|zeker niet|"
    r"echt niet|beslist niet|niet (?:aub|svp|alsjeblieft|graag|dus|dank)|niet[ .!,]*$|niet,|"
    r"vind ik niks|hoef ik niet|please no|no thanks|nee dank)"
)
DISLIKED_AFTER = re.compile(
    r"^ ?(?:vind(?:en)?|vond) (?:ik|we|wij|mijn \w+) (?:\w+ )?(?:saai|lelijk|stom|niks|vreselijk|"
    r"vervelend|niet|verschrikkelijk|onhandig|te)|^ is (?:me |mij )?(?:te (?:klein|groot|duur)|"
    r"niks voor mij)"
)
EQUALLY_FINE = re.compile(r" (?:kan|mag|is|vind ik) ook\b")
INSTEAD = re.compile(
    r"\b(?:ipv|i\.p\.v\.?|in plaats van|instead of|statt|anstatt|niet meer|rather than|"
    r"in ruil voor)(?: (?:een|de|het|zo'n|a|the|ein\w*))? ?$"
)
COMPARED = re.compile(
    r"\b(?:groter|kleiner|ruimer|hoger|lager|zuiniger|goedkoper|sportiever|luxer|bigger|smaller|"
    r"grosser|kleiner|anders) (?:dan|als|than) (?:(?:een|de|mijn|onze|mn|the|a|ein\w*) )?$"
)
OPEN_QUESTION = re.compile(
    r"^(?:en |maar |ok |oke |hoi |hallo |vraagje |hey |, )*(?:is|was|zijn|ist|are|(?:rijdt|betreft|"
    r"gaat) (?:die|dat|hij|ie|de|het))\b(?! (?:er|daar|u|jullie|there))|\b(?:is|zijn|was|ist|heeft|"
    r"betreft) (?:die|dat|deze|dit|de|het|hij|ie|it|that|the|this|er|das|der|t|'t)\b(?! (?:er|"
    r"mogelijk))|\b(?:of|or) (?:een |a )?(?:gewone|normale|normaal|gewoon|niet|not|regular|"
    r"normal)\b"
)
CORRECTION = re.compile(
    r"\b(?:nee+|neen|sorry|ik bedoel|bedoel ik|bedoelde|i mean|i meant|correctie|wacht|pardon|oeps|"
    r"foutje|typo|actually|no wait|ich meine|quatsch|of toch|toch liever|toch maar|oh nee|eh|ehm|"
    r"uhm|euh|liever toch|beter gezegd|bij nader inzien|uiteindelijk toch|"
    r"toch maar een|doe maar|maar dan toch)\b"
)
OR = frozenset({"of", "or", "oder", "/", "dan", "en"})
ADVICE = re.compile(
    r"\b(?:twijfel\w*|wat (?:raad|adviseer|is (?:beter|verstandig\w*|slim\w*|handig\w*|zuinig\w*|"
    r"voordelig\w*|goedkop\w*))|welke (?:is|kan|raad)|kan ik beter|advies|which (?:is|one)|"
    r"what would you|better|lieber oder)\b"
)
OPPOSITES = frozenset({"automaat", "handgeschakeld"})
