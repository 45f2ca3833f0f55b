"""Words of automatic mail, per language where it matters: data only. Alternatives of regular expressions, lower
case."""

from __future__ import annotations

# Senders that are machines for certain, and senders that often are.
DAEMONS = r"mailer[-_. ]?daemon|mail[-_. ]?daemon|mdaemon|maildaemon|double-bounce|mail[-_. ]?delivery[-_. ]?(?:subsystem|system)"
POSTMASTERS = (
    r"postmaster|post_master|postmail|mail[-_. ]?delivery|mail[-_. ]?system|delivery[-_. ]?(?:subsystem|system|service)|mail administrator"
    r"|smtp[-_. ]?(?:daemon|mail|gateway|server)|mail[-_. ]?gateway|bounces?|antivirus.{0,20}smtp|imss|mail[-_. ]?service|system administrator|email admin|mail-deamon|mailadmin"
)

# One of these stands in every sender the two lists above describe.
MACHINE_PARTS = (
    "daemon", "deamon", "bounce", "deliver", "post", "system", "smtp", "gateway", "antivirus", "imss", "service", "admin",
)

# A subject that says so by itself, at its beginning (behind a list's [tag]).
SURE_SUBJECTS = (
    r"undeliver(?:able|ed)|un-?deliverable|delivery status notification|delivery (?:failure|failed|has failed|problem|unsuccessful|error)"
    r"|returned (?:mail|e-?mail|message|to sender|due)|mail (?:delivery|system) (?:failed|failure|error|problem|unsuccessful|has failed)|mail delivery (?:subsystem|status)"
    r"|failure notice|(?:e-?mail|mail|message|your (?:e-?mail|mail|message)).{0,40}(?:could not be|cannot be|can't be|was not|not) (?:delivered|sent)|nondeliverable|non-?delivery|failed delivery"
    r"|message (?:undeliverable|delivery failure|status - undeliverable|delivery failed|not delivered)|undelivered mail|delivery notification: delivery has failed|nachricht (?:konnte )?nicht (?:zugestellt|zustellbar)"
    r"|unzustellbar|nicht zustellbar|unzustellbare|zustellung(?:sfehler| fehlgeschlagen)|mail konnte nicht|non remis|échec de (?:la )?remise|non distribué|échec de livraison|message non délivré|no se puede entregar|no se pudo entregar|no entregado"
    r"|error de entrega|correo no entregado|non recapitabile|mancata consegna|impossibile recapitare|onbestelbaar|niet bezorgd|não entregue|não é possível entregar|falha na entrega|niedostarczalne|nie można dostarczyć|nie dostarczono"
    r"|nedoručitelné|nedoručiteľné|nedoručeno|ikke levert|kan ikke leveres|ikke leveret|olevererbart|kunde inte levereras|toimitus epäonnistui|kézbesíthetetlen|isporuka nije uspjela|nelivrabil|livrare eșuată"
    r"|недоставлен|не доставлено|невозможно доставить|teslim edilemeyen|iletilemedi|αποτυχία παράδοσης|配信不能|配送失败|退信|投递失败|無法傳遞|전송 실패|전달할 수 없"
)

# Subjects that say so when a machine says them.
LIKELY_SUBJECTS = (
    r"delivery (?:delayed|report|status|notification|attempt)|delayed|warning.{0,30}(?:could not|message|mail)|could not send|bounce|address (?:unknown|not found)|user unknown|rejected|failed|failure|error|delivery"
    r"|quota|unable to|undeliver|returned|non ?remis|zustell|mail status|verzögert|retard|remise|entrega|consegna|bezorg|levering|отправ|достав|teslim|配信|投递|送信|エラー|block|denied|not delivered|notification"
)

# How machines begin: only looked for in mail without a sender or from a postmaster.
SURE_TEXTS = (
    r"this is the (?:mail system|qmail-send program|postfix)|(?:wasn't|was not|not) able to deliver your message|error message below|could not be delivered to|delivery to the following recipient|your message (?:could not|cannot|did not|wasn't|was not)"
    r"|message that you sent could not be delivered|undeliverable|following (?:\w+ )?(?:recipient|address)|permanent (?:fatal )?error|delivery (?:has )?failed|failed to deliver|returned to you|transcript of session follows|rcpt to|user unknown|no such user"
    r"|konnte nicht zugestellt werden|n'a pas pu être (?:remis|distribué|délivré)|no se (?:ha podido|pudo) entregar|non è stato possibile (?:recapitare|consegnare)|kon niet worden (?:bezorgd|afgeleverd)|não pôde ser entregue|nie (?:mogła|może) zostać dostarczona"
)

# Lines behind which the addresses stand that failed.
LEADS = (
    r"following (?:\w+ )?(?:recipient|address|destination|user|mailbox|person|people)|addresses? (?:had|failed|below)|recipients?(?: address(?:es)?)?(?:\(s\))? ?:|failed recipients|could not be (?:delivered|sent) to|unable to deliver|not delivered to"
    r"|undeliverable to|was not delivered|did not reach|delivery (?:to|failed)|reach the following|folgende[rn]? (?:empfänger|adresse)|an folgende|destinataires? suivants?|destinatarios? siguientes?|siguientes destinatarios|destinatari(?:o|i) seguent"
    r"|seguenti destinatari|volgende (?:geadresseerde|ontvanger)|seguintes destinatários|následujícím|następujący|permanent fatal errors|permanent errors|no longer|has been disabled|failed to deliver"
)

# Words of failure beside an address.
FAILURES = (
    r"\b[45]\d\d[ :-]|rcpt to|\b[45]\.\d{1,2}\.\d{1,3}\b|unknown|no such|not (?:exist|found|listed|known|valid|local|a valid|active|available|accept|recogni[sz]ed|our customer|deliver)|doesn'?t (?:exist|have)|does not|reject|undeliver|fail|unavailable|\bfull\b"
    r"|quota|disabled|inactive|invalid|illegal|denied|refused|unrouteable|unroutable|could ?n[o']t|cannot|can't|timed? ?out|expired|unbekannt|existiert nicht|unzustellbar|bad address|error|bounced|exceed|over limit|no mailbox|suspended|discontinued"
    r"|inconnu|desconocid|sconosciuto|onbekend|nieznan|неизвест"
)

# Where the returned mail begins.
RETURNED = (
    r"(?:[-=_*+ >]{2,}\s*)?(?:this is a copy|below this line|original message|(?:the )?(?:returned|original|unsent|undelivered|bounced) (?:message|mail)|included is a copy|copy of (?:the|your) (?:original )?message|message headers? follow|returned mail"
    r"|the (?:header|original|first \d+ lines)|the text of|your (?:original )?message (?:follows|was)|ursprüngliche nachricht|message d'origine|mensaje original|headers of|unsent message)|return-path:|received: (?:from|by)|(?:x-)?mailer: |dkim-signature:"
)

# The first words of a subject, in many languages: "Automatic reply: …".
ANSWERING_SUBJECTS = (
    "automatic reply:|automatic reply|auto reply|autoreply|auto-reply|auto:|automated reply|automatic response|auto response|autoresponse|auto-response|out of office|out-of-office|"
    "out of the office|ooo:|vacation reply|away from my mail|i am out of the office|i'm out of the office|on vacation|on holiday|away from office|automatically generated reply|"
    "automatische antwort|automatische rückmeldung|abwesenheitsnotiz|abwesenheit:|abwesenheitsbenachrichtigung|abwesenheitsmeldung|ich bin nicht im büro|außer haus|ausser haus|abwesend|"
    "abwesenheitsassistent|urlaubsbenachrichtigung|urlaub:|automatische rückantwort|réponse automatique|réponse automatisée|absence du bureau|absent du bureau|absence :|message d'absence|absent(e)|"
    "respuesta automática|respuesta automatica|fuera de la oficina|fuera de oficina|ausente de la oficina|risposta automatica|fuori sede|fuori ufficio|assente|automatisch antwoord|automatische reactie|"
    "afwezigheidsbericht|afwezig:|niet aanwezig|automatische beantwoording|resposta automática|resposta automatica|ausência temporária|fora do escritório|fora do escritorio|automatyczna odpowiedź|"
    "odpowiedź automatyczna|autoodpowiedź|poza biurem|nieobecność|automatická odpověď|automatická odpoveď|mimo kancelář|automatisk svar|autosvar|fraværsmelding|automatiskt svar|frånvaromeddelande|frånvarande|"
    "fravær:|ikke til stede|automaattinen vastaus|poissa toimistosta|poissaoloviesti|lomavastaaja|automaatvastus|automātiskā atbilde|automatinis atsakymas|automatikus válasz|házon kívül|automatski odgovor|"
    "samodejni odgovor|răspuns automat|автоматичен отговор|автоматический ответ|автоответ|автоматична відповідь|αυτόματη απάντηση|otomatik yanıt|otomatik cevap|resposta automàtica|balasan otomatis|"
    "trả lời tự động|自動応答|自動返信|自动答复|自动回复|自動回覆|자동 회신|자동 응답|תשובה אוטומטית|רד تلقائي|رد تلقائي|tự động trả lời|不在通知"
)
