"""Phrases that tell the own car from the wanted one; matched on the folded text around a car."""

import re

NOUN = (
    r"(?:auto(?:otje|tje)?|wagen(?:tje)?|bus(?:je)?|bak(?:kie)?|leasebak|leaseauto|karretje|voertuig|"
    r"inruil\w*|car|vehicle|wagen|bolide|oude|huidige|eigen|oldtimer|diesel|vw|trouwe)"
)
OWN = re.compile(
    r"\b(?:mijn|mn|m'n|onze|my|our|meine[nrmsn]?|mein)(?: [a-z]+)? (?:auto|wagen|car|"
    r"bus)(?: is)?,? (?:een|'n|n|a|ein\w*) $|"
    r"\b(?:mijn|mn|m'n|mij n|m n|onze|ons|my|our|meine[nmrs]?|mein|unsere?[nmrs]?|eigen|huidige|"
    r"current)(?: (?:oude?|huidige?|eigen|vorige|trouwe|goede|mooie|lieve|alte[nrs]?|old|current|"
    r"own|[a-z]{2,}(?:ende|ige|eerde|elijke|tje|se)|zwarte|witte|rode|grijze|blauwe|groene|"
    r"zilveren|auto|wagen|auto is|auto een|auto is een|car is a|wagen is een|inruil|inruilauto|"
    r"inruil is een|een|\\d+ jaar oude?|nieuwe?|vrouws?|mans|net gekochte|pas gekochte|gekochte|"
    r"19\\d\\d|20\\d\\d)){0,3}[ (:]*$"
    r"|\b(?:haar|zijn|z'n|hun|his|her|their)(?: (?:oude?|huidige?|eigen|oud))* $"
)
HAVE = re.compile(
    r"\b(?:heb|hebben|rij|rijd|(?:wij|we) (?:nu )?rijden|reed|bezit|rijdt|(?:i|we|i've|"
    r"we've) (?:now |currently |"
    r"also |still )?(?:have|drive|own|got)|i've got|habe|fahre|haben)\b(?! (?:je|jij|jullie|u|ge|"
    r"gij|sie|ihr|you)\b)"
    r"(?: (?:(?:19|20)\d\d|ik|we|wij|zelf|nu|nog|ook|momenteel|op dit moment|thuis|hier|al|een|n|'n|a|an|the|"
    r"einen|ein|eine|in|met|met een|oude?|oudere|[a-z]+e|van|uit|still|currently|now|staan|jetzt|"
    r"noch|alten))*[ :(]*$"
)
NOT_HAVING = re.compile(
    r"\b(?:interesse|gezien|gespot|gevonden|oog|nodig|vraag\w*|gelezen|gehoord|gebeld|gereserveerd|"
    r"gekeken|begrepen|liever|liefst|seen|found|voorkeur|zin|wil|willen|zoek\w*|gaan)\b"
)
INTEREST_AFTER = re.compile(
    r"^[^.!?]{0,30}\b(?:gezien|gespot|gevonden|op het oog|op 't oog|nodig|zien staan|op jullie|"
    r"in de advertentie|gekeken|bekeken|gereserveerd)\b"
)
WANT = re.compile(
    r"\b(?:zoek\w*|gezocht|opzoek|interesse|geinteresseerd|interest(?:ed)?|jullie|wil(?:len|de)?|"
    r"kopen|koop|aanschaf\w*|overstappen|upgrade\w*|"
    r"looking for|suche\w*|want|buy|kaufen|proefri\w*|testrit|liever|liefst|droom\w*|wat kost\w*|"
    r"hoeveel kost\w*|prijs van|terug ?(?:voor|krijgen)?|hebben jullie|heb je|heeft u|hebt u|jouw|"
    r"uw|bekijken|kijken naar|your|ihre?n?|reserver\w*|nieuwe(?:re)?)\b(?![^.!?]{0,25}\b(?:inruil|"
    r"inlever|verkop|kwijt|weg\b))"
)
SWAP = re.compile(
    r"\b(?:tegen|inruilen (?:op|voor|tegen|bij)|ruilen (?:op|voor|tegen|met)|ruil (?:op|voor|"
    r"tegen)|omruilen (?:voor|tegen)|in te ruilen (?:op|voor|tegen)|inruil (?:op|voor|tegen|bij)|"
    r"inleveren (?:op|voor)|inbrengen (?:op|bij|voor)|for (?:a|the|your)|against|gegen|"
    r"trade (?:it )?(?:in )?for|(?:op|voor|naar) (?:de|een|die|jullie|uw|deze|dat|jouw|"
    r"zo'n))(?: [a-z'-]+){0,3} ?$"
)
OWN_AFTER = re.compile(
    r"^[^.!?]{0,45}?\b(?:in(?:ge)?ruil\w*|in te ruilen|ruilen|inleveren|van mij|van mn|van m'n|"
    r"verkopen|te koop|die weg|weg (?:moet|mag)|mot weg|moet weg|kwijt|waard|"
    r"die ik (?:nu )?(?:rijd|rij|heb)|die (?:ik|we) (?:bij|van) jullie|bij jullie (?:ge|heb)|"
    r"gekocht|overnemen|trade in|part exchange|in zahlung)\b"
)
LISTED_AFTER = re.compile(
    r"^[^.!?]{0,30}?\b(?:uit (?:de|jullie|uw) (?:advertentie|aanbod|voorraad|showroom)|(?:die|"
    r"dat) (?:jullie|u|je|er|te koop|bij jullie|op)|op jullie|van jullie|op de site|te koop staat|"
    r"op marktplaats|in de showroom|you have)\b"
)
OTHER_OWN = re.compile(r"\b(?:mijn|mn|m'n|onze|my|our|meine[nmrs]?|mein)\b")
OWN_TRADE = re.compile(
    r"\b(?:(?:wat|hoeveel|wa) (?:krijg|gev\w*|geef\w*|bied\w*|vang\w*|betal\w*|"
    r"betaal\w*|schuift|doet|haal)|krijg ik|"
    r"geven jullie|"
    r"bied\w* (?:jullie|u|je)|inruil\w*|ruil|in te ruilen|waarde? (?:is|van|heeft)?|waard is|"
    r"nemen jullie|neemt u|nehmen sie|kopen jullie|koopt u|opkopen|inkopen|inkoop|verkopen|"
    r"taxatie\w*|taxer\w*|overnemen|trade[- ]?in|part exchange|take my|inleveren|bod (?:op|voor)|"
    r"staat haar|value of|worth)\b[^.!?]{0,40}$"
)
OWN_NOUN = re.compile(
    rf"\b(?:mijn|mn|m'n|onze|my|our|mein\w*|unser\w*|de huidige|huidige)(?: [a-z]+)? {NOUN}\b"
)
TURN_TO_WANTED = re.compile(
    r"\b(?:zoek\w*|gezocht|interesse in|tegen|en er een|(?:er|daar)voor terug|"
    r"wil(?:len)? (?:graag |nu )?(?:een|iets|naar|in ruil)"
    r"|(?:in)?ruilen (?:op|voor)|op een|voor een|naar een|wil een|liefst|"
    r"suche|looking for|want a|against|gegen)\b"
)
SOLD_TO_ME = re.compile(r"^ (?:\w+ ){0,2}?(?:verkocht|verkochten) (?:heeft|hebben|had|hebt)\b")
