// Everything that can be made to fail: what to plan, what to say, what to expect.

const twilio = (operation, fault) => ({ vendor: "twilio", operation, times: 1, ...fault });

export const GROUPS = [
  [["Bezorging aan ons", "Delivery to us"], [
    {
      label: "duplicate", name: ["Dubbel bezorgd", "Delivered three times"],
      plan: twilio("webhook", { kind: "duplicate", count: 3 }),
      expect: ["Twilio bezorgt de webhook drie keer; er is één bericht en één antwoord.", "Twilio delivers the webhook three times; there is one message and one reply."],
    },
    {
      label: "reorder", name: ["Door elkaar", "Out of order"], says: ["Ik zoek een Skoda Octavia", "liefst een stationwagon"],
      plan: twilio("webhook", { kind: "reorder", seconds: 2 }),
      expect: ["Het eerste bericht komt na het tweede aan; beide worden beantwoord, niets dubbel.", "The first message arrives after the second; both are answered, nothing twice."],
    },
    {
      label: "drop", name: ["Webhook valt weg", "Webhook lost"],
      plan: twilio("webhook", { kind: "drop" }),
      expect: ["Er komt niets aan. Na ruim een minuut staat het bericht in Twilio's lijst als gemist en wordt het alsnog beantwoord.", "Nothing arrives. After a good minute the message is found missing in Twilio's list and answered after all."],
    },
  ]],
  [["Versturen via Twilio", "Sending through Twilio"], [
    {
      label: "429", name: ["Twilio 429", "Twilio 429"], plan: twilio("messages.create", { kind: "status", status: 429 }),
      expect: ["Te druk, niets verstuurd: even later opnieuw, één antwoord.", "Too busy, nothing sent: once more a little later, one reply."],
    },
    {
      label: "500", name: ["Twilio 500", "Twilio 500"], plan: twilio("messages.create", { kind: "status", status: 500 }),
      expect: ["Onbekend of het verstuurd is: nooit blind opnieuw. Twilio's lijst wordt nagekeken; blijft het een minuut onzeker, dan krijgt een mens het.", "Unknown whether it was sent: never blindly again. Twilio's list is looked at; if it stays uncertain for a minute a person gets it."],
    },
    {
      label: "lost", name: ["Antwoord van Twilio verloren", "Twilio's answer lost"], plan: twilio("messages.create", { kind: "lost" }),
      expect: ["Het bericht is wél verstuurd. Het wordt teruggevonden; de klant krijgt het één keer.", "The message was in fact sent. It is found again; the customer gets it once."],
    },
    {
      label: "63016", name: ["63016", "63016"], plan: twilio("messages.create", { kind: "callback", code: 63016 }),
      expect: ["Aangenomen en daarna geweigerd: buiten de 24 uur. Geen nieuwe poging; de balie ziet waarom.", "Accepted and refused later: outside the 24 hours. No new attempt; the desk sees why."],
    },
    {
      label: "blocked", name: ["Klant blokkeert ons", "Customer blocks us"], customer: { blocked: true },
      expect: ["Het antwoord komt niet aan (63014). De balie ziet waarom; er gaat niets opnieuw.", "The reply is not delivered (63014). The desk sees why; nothing is sent again."],
    },
    {
      label: "day", name: ["Een dag gaat voorbij", "A day passes"], clock: 86_460, staff: "Is alles nog naar wens?",
      expect: ["Een collega schrijft na 24 uur: WhatsApp weigert (63016) en de balie ziet dat het niet aankwam.", "A colleague writes after 24 hours: WhatsApp refuses (63016) and the desk sees that it did not arrive."],
    },
  ]],
  [["Claude", "Claude"], [
    {
      label: "slow", needs: "claude", name: ["Claude traag", "Claude slow"], claude: [{ kind: "latency", seconds: 20, times: 3 }],
      expect: ["Niemand wacht 20 seconden: na de termijn schrijft de ingebouwde schrijver.", "Nobody waits 20 seconds: after the deadline the built-in composer writes."],
    },
    {
      label: "overloaded", needs: "claude", name: ["Claude overbelast", "Claude overloaded"], claude: [{ kind: "overloaded", times: 4 }],
      expect: ["529: de klant krijgt het ingebouwde antwoord.", "529: the customer gets the built-in reply."],
    },
    {
      label: "nonsense", needs: "claude", name: ["Claude kletst", "Claude talks nonsense"], claude: [{ kind: "nonsense", times: 4 }],
      expect: ["Verzonnen auto's en prijzen worden afgekeurd; de klant krijgt alleen wat bewezen is.", "Invented cars and prices are rejected; the customer gets only what is proven."],
    },
  ]],
  [["Rondom", "Around"], [
    {
      label: "chatwoot", name: ["Chatwoot ligt eruit", "Chatwoot down"], plan: { vendor: "chatwoot", kind: "status", status: 500, times: 3 },
      expect: ["De klant merkt niets; de balie is even later weer bij.", "The customer notices nothing; the desk catches up a little later."],
    },
    {
      label: "kill", needs: "system", name: ["Een dienst valt om", "A service dies"], kill: true,
      expect: ["kill -9 midden in een bericht: de dienst komt terug en er is één antwoord.", "kill -9 in the middle of a message: the service comes back and there is one reply."],
    },
  ]],
];

export const FAULTS = GROUPS.flatMap(([, faults]) => faults);
export const SAYS = ["Hebben jullie een Volkswagen Polo?"];
export const SERVICES = ["responder", "router", "extractor", "gateway", "chatwoot-sync"];
