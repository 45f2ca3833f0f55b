"""Words of automatic mail, per language where it matters: data only. Alternatives of regular expressions, lower
case."""

from __future__ import annotations

# Senders that are machines for certain, and senders that often are.
DAEMONS = r"mailer[-_. ]?daemon|mail[-_. ]?daemon|mdaemon|maildaemon|double-bounce|mail[-_. ]?delivery[-_. ]?(?:subsystem|system)"
POSTMASTERS = (
    r"postmaster|post_master|postmail|mail[-_. ]?delivery|mail[-_. ]?system|delivery[-_. ]?(?:subsystem|system|service)|mail administrator"
    r"|smtp[-_. ]?(?:daemon|mail|gateway|server)|mail[-_. ]?gateway|bounces?|antivirus.{0,20}smtp|imss|mail[-_. ]?service|system administrator|email admin|mail-deamon|mailadmin"
    r"|systemadministrator|administrateur syst|administrador del sistema|amministratore di sistema|systeembeheer|content-?filter|amavis|mail ?server|配信システム|邮件系统|郵件系統"
)

# Local parts that machines use, and people too: a bounce only with a sure subject and an SMTP reply in the text.
PLAIN_SENDERS = r"(?:^|[<\s])(?:mail|mailer|root|no-?reply|do-?not-?reply|smtp|mta\d*|e?mail-?server|sysadmin)[\s>]*$"

# One of these stands in every sender the lists above describe.
MACHINE_PARTS = (
    "daemon", "deamon", "bounce", "deliver", "post", "system", "smtp", "gateway", "antivirus", "imss", "service", "admin",
    "mail", "root", "reply", "mta", "filter", "amavis", "amministratore", "beheer", "配信", "系统", "系統",
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
    r"|mensagem não (?:entregue|enviada)|a mensagem não|meddelandet kunde inte|meddelelsen (?:kunne|blev) ikke|meldingen (?:kunne|ble) ikke|konnte nicht zugestellt|(?:ihre )?(?:e-?mail|nachricht) (?:wurde|konnte) nicht|(?:votre|le) message n'a pas"
    r"|(?:el|su) mensaje no|mensaje no entregado|(?:il )?messaggio non (?:recapitato|consegnato)|bericht niet|wiadomość nie|zpráva nebyla|üzenet nem|mesajul nu|не удалось доставить|сообщение не|письмо не|メールは送信されません|送信できませんでした|送信エラー|メール配信エラー|系统退信|메일 전송 실패|반송"
    r"|banned (?:message|file|contents|attachment).{0,60}from you|virus .{0,80}from you|considered unsolicited bulk|bad header.{0,40}from you"
    r"|недоставлен|не доставлено|невозможно доставить|teslim edilemeyen|iletilemedi|αποτυχία παράδοσης|配信不能|配送失败|退信|投递失败|無法傳遞|전송 실패|전달할 수 없"
)

# Subjects that say so when a machine says them.
LIKELY_SUBJECTS = (
    r"delivery (?:delayed|report|status|notification|attempt)|delayed|warning.{0,30}(?:could not|message|mail)|could not send|bounce|address (?:unknown|not found)|user unknown|rejected|failed|failure|error|delivery"
    r"|quota|unable to|undeliver|returned|non ?remis|zustell|mail status|verzögert|retard|remise|entrega|consegna|bezorg|levering|отправ|достав|não entreg|inte lever|ikke lever|nicht zugestellt|退信|メール|エラー|teslim|配信|投递|送信|エラー|block|denied|not delivered|notification"
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
    r"|undeliverable to|was not delivered|not yet been delivered|failure reasons|your (?:e-?mail|message|mail) (?:to|for)\b|generated from|did not reach|delivery (?:to|failed)|reach the following|folgende[rn]? (?:empfänger|adresse)|an folgende|destinataires? suivants?|destinatarios? siguientes?|siguientes destinatarios|destinatari(?:o|i) seguent"
    r"|次の(?:あて先|宛先|アドレス|受信者)|以下の(?:あて先|宛先|アドレス|受信者)|宛先|收件人|받는 사람|수신자|следующ\w+ (?:адрес|получател)|(?:адресат|получател)\w*:|empfänger|destinataires? ?:|destinatarios? ?:|destinatario ?:|geadresseerde|destinatário|adresat|příjemc|modtager|mottaker|mottagare|vastaanottaj|alıcı"
    r"|seguenti destinatari|volgende (?:geadresseerde|ontvanger)|seguintes destinatários|následujícím|następujący|permanent fatal errors|permanent errors|no longer|has been disabled|failed to deliver"
)

# Words of failure beside an address.
FAILURES = (
    r"\b[45]\d\d[ :-]|rcpt to|\b[45]\.\d{1,2}\.\d{1,3}\b|unknown|no such|not (?:exist|found|listed|known|valid|local|a valid|active|available|accept|recogni[sz]ed|our customer|deliver)|doesn'?t (?:exist|have)|does not|reject|undeliver|fail|unavailable|\bfull\b"
    r"|quota|disabled|inactive|invalid|illegal|denied|refused|unrouteable|unroutable|could ?n[o']t|cannot|can't|timed? ?out|expired|unbekannt|existiert nicht|unzustellbar|bad address|error|bounced|exceed|over limit|no mailbox|suspended|discontinued"
    r"|konnte nicht|nicht zugestellt|n'a pas pu|no se pudo|no ha podido|non è stato possibile|impossibile|não foi possível|não pôde|kon niet|kunde inte|kunne ikke|ei voitu|nie można|nie mogła|nelze|nem sikerült|nu a putut|не удалось|невозможно|blocked|banned|infected"
    r"|inconnu|desconocid|sconosciuto|onbekend|nieznan|неизвест|не найден|не существ|переполнен|introuvable|n'existe pas|no existe|inesistente|bestaat niet|nie istnieje|não existe|neexistuj|findes ikke|finns inte|finnes ikke|ei löydy"
    r"|存在しません|送信できません|届けられません|見つかりません|宛先不明|不明|いっぱい|超え|不存在|退回|退信|无法|無法|失败|失敗|已满|拒绝|拒絕|없습니다|못했습니다|실패|초과|거부|bulunamad|mevcut değil|não encontrado|no encontrado|non trovato|niet gevonden"
)

# What says that a mail waits and will be tried again.
DELAYS = (
    r"warning: (?:could not send|message)|not yet been delivered|delivery (?:has been |is )?delayed|delayed (?:mail|message|delivery)|message (?:is |has been )?delayed|still (?:being )?(?:retried|trying|undelivered)"
    r"|will (?:continue|keep) (?:to )?(?:try|attempt)|will be retried|transient non-fatal|not need to resend|warning message only|status notification \(delay\)|zustellung (?:ist )?verzögert|verzögert(?:e zustellung| sich)|remise (?:différée|retardée)|entrega (?:retrasada|demorada|atrasada)"
    r"|consegna ritardata|vertraagde? (?:bezorging|levering)|opóźnien|задерж|遅延|延迟"
)

# Where the returned mail begins.
RETURNED = (
    r"(?:[-=_*+ >]{2,}\s*)?(?:this is a copy|below this line|(?:the )?(?:returned|original|unsent|undelivered|bounced) (?:message|mail)(?! (?:was |has been )?(?:received|sent|could|cannot|is|with))|included is a copy|copy of (?:the|your) (?:original )?message|message headers? follow|returned mail"
    r"|the (?:header|first \d+ lines)|the text of|your (?:original )?message (?:follows|was)|ursprüngliche nachricht|message d'origine|mensaje original|headers of|unsent message)|return-path:|received: (?:from|by)|(?:x-)?mailer: |dkim-signature:"
)

# The first words of a subject that say so by themselves, in many languages: "Automatic reply: …".
ANSWERING_SUBJECTS = (
    "automatic reply|auto reply|autoreply|auto-reply|automated reply|automatic response|auto response|autoresponse|auto-response|autoresponder|out of office|out-of-office|out of the office|ooo:|"
    "vacation reply|away from my mail|i am out of the office|i'm out of the office|automatically generated reply|automated response|auto: out of|auto:out of|autosvar|automatikus válasz|"
    "automatische antwort|automatische rückmeldung|abwesenheitsnotiz|abwesenheitsbenachrichtigung|abwesenheitsmeldung|ich bin nicht im büro|abwesenheitsassistent|urlaubsbenachrichtigung|"
    "automatische rückantwort|automatische e-mail-antwort|réponse automatique|réponse automatisée|absence du bureau|absent du bureau|message d'absence|réponse d'absence|"
    "respuesta automática|respuesta automatica|respuesta automàtica|fuera de la oficina|fuera de oficina|ausente de la oficina|risposta automatica|fuori sede|fuori ufficio|automatisch antwoord|"
    "automatische reactie|automatische beantwoording|afwezigheidsbericht|resposta automática|resposta automatica|resposta automàtica|ausência temporária|fora do escritório|fora do escritorio|"
    "automatyczna odpowiedź|odpowiedź automatyczna|autoodpowiedź|poza biurem|automatická odpověď|automatická odpoveď|mimo kancelář|automatisk svar|automatisk svarsmelding|fraværsmelding|fraværsbesked|"
    "automatiskt svar|automatisk besvarelse|frånvaromeddelande|automaattinen vastaus|automaattivastaus|poissa toimistosta|poissaoloviesti|lomavastaaja|automaatvastus|automātiskā atbilde|"
    "automatinis atsakymas|házon kívül|automatski odgovor|samodejni odgovor|răspuns automat|автоматичен отговор|автоматический ответ|автоответ|автоматична відповідь|αυτόματη απάντηση|"
    "otomatik yanıt|otomatik cevap|balasan otomatis|jawapan automatik|trả lời tự động|tự động trả lời|自動応答|自動返信|自动答复|自动回复|自動回覆|自動回復|자동 회신|자동 응답|תשובה אוטומטית|"
    "מענה אוטומטי|رد تلقائي|پاسخ خودکار|ตอบกลับอัตโนมัติ|不在通知|不在のお知らせ|外出中"
)

# First words that people write too: they need one of `ABSENT_TEXTS`, or no sender, beside them.
WEAK_ANSWERING_SUBJECTS = (
    "auto:|on vacation|on holiday|on leave|on annual leave|annual leave|away from office|away:|away until|away |vacation|holiday|not in the office|maternity leave|parental leave|no longer with|abwesenheit|außer haus|ausser haus|abwesend|"
    "urlaub|im urlaub|nicht im büro|elternzeit|absence|absent|en congé|congés|en vacances|vacances|ausente|ausencia|vacaciones|de vacaciones|assente|assenza|in ferie|ferie|afwezig|niet aanwezig|op vakantie|vakantie|"
    "ausência|férias|de férias|nieobecność|nieobecny|urlop|nepřítomnost|dovolená|neprítomnosť|dovolenka|fravær|ikke til stede|på ferie|frånvarande|frånvaro|semester|på semester|poissa|lomalla|szabadság|concediu|godišnji odmor|"
    "отпуск|в отпуске|вне офиса|нет на работе|відпустка|tatil|izindeyim|ofis dışında|休暇|休假|外出|휴가|부재"
)

# How absent people's machines write, near the beginning.
ABSENT_TEXTS = (
    r"(?:i am|i'm|i will be|i'll be|we are) (?:currently |presently |now )?(?:out of|away|on (?:annual |parental |maternity |sick )?(?:vacation|holiday|leave)|not in|travelling|traveling|unavailable)|out of (?:the )?office|limited access to (?:my )?e-?mail|no longer (?:with|work|employed)"
    r"|automat(?:ic|ed) (?:reply|response|message|e-?mail)|this is an automat|auto-?(?:reply|response)|(?:will|shall) (?:be back|return|reply|respond) .{0,40}(?:on|when|after|until)|(?:nicht|ausser|außer) (?:im )?(?:büro|haus)|(?:bin|sind) .{0,60}(?:im urlaub|nicht erreichbar|abwesend|nicht im|wieder (?:da|erreichbar|im))"
    r"|wieder (?:zu erreichen|erreichbar|im büro|für sie da)|nicht (?:gelesen|weitergeleitet|bearbeitet)|automatische (?:antwort|nachricht)|automatisch (?:generiert|erstellt|erzeugt)|urlaubsvertretung|in dringenden fällen|actuellement (?:absent|en congé|en déplacement)|(?:je suis|nous sommes) .{0,30}(?:absent|en congé|en vacances)|de retour le|réponse automatique"
    r"|(?:estoy|estaré|me encuentro|estamos) .{0,40}(?:fuera|ausente|de vacaciones)|respuesta automática|(?:sono|sarò|siamo) .{0,30}(?:fuori|assente|in ferie|assenti)|risposta automatica|(?:ben|zijn) .{0,40}(?:afwezig|niet aanwezig|op vakantie|met vakantie|weer aanwezig)|automatisch (?:bericht|antwoord)"
    r"|(?:estou|estarei|encontro-me) .{0,40}(?:fora|ausente|de férias)|resposta automática|jestem .{0,30}(?:nieobecn|na urlopie|poza biurem)|przebywam na urlopie|automatyczna odpowiedź|nejsem .{0,20}(?:přítom|v kancelář)|mám dovolenou|jsem na dovolené|automatick(?:á|ou) odpov"
    r"|(?:jeg|vi) er .{0,30}(?:på ferie|ikke (?:på|til)|bortrejst|fraværende|ute av)|(?:jag|vi) är .{0,30}(?:på semester|inte på|bortrest|frånvarande|ledig)|automatisk(?:t)? svar|olen .{0,30}(?:lomalla|poissa)|automaattinen|szabadságon vagyok|automatikus válasz|sunt în concediu|na godišnjem odmoru"
    r"|(?:нахожусь|буду|я) .{0,30}(?:в отпуске|вне офиса|отсутств)|автоматическ|у відпустці|izindeyim|ofis dışındayım|otomatik (?:yanıt|cevap)|休暇(?:中|を)|不在(?:に|と|です|の)|外出し|自動(?:返信|応答)|正在休假|不在办公室|自动回复|自動回覆|휴가 중|부재중|자동 (?:회신|응답)"
)

# Notices that a mail was read or thrown away, where no report says so: subjects, and how their texts begin.
RECEIPT_SUBJECTS = (
    "read:|not read:|read receipt|return receipt|gelesen:|ungelesen gelöscht:|nicht gelesen:|lesebestätigung|empfangsbestätigung|lu :|lu:|non lu :|accusé de réception|leído:|no leído:|letto:|non letto:|conferma di lettura|gelezen:|"
    "niet gelezen:|leesbevestiging|lida:|não lida:|recibo de leitura|przeczytane:|přečteno:|læst:|lest:|läst:|luettu:|elolvasva:|прочтено:|прочитано:|okundu:|開封済み:|開封:|已读:|已讀:|읽음:"
)
RECEIPT_TEXTS = (
    r"your message\s[\s\S]{0,400}?(?:was|has been) (?:read|displayed|deleted)|this is a (?:read|return) receipt|return receipt for the mail|ihre nachricht\s[\s\S]{0,400}?(?:wurde|gelesen|gelöscht)|dies ist eine (?:lese|empfangs)bestätigung|votre message\s[\s\S]{0,400}?(?:a été lu|supprimé)|ceci est un accusé"
    r"|(?:su|el) mensaje\s[\s\S]{0,400}?(?:leído|eliminado)|(?:il )?messaggio\s[\s\S]{0,400}?(?:letto|eliminato)|uw bericht\s[\s\S]{0,400}?(?:gelezen|verwijderd)|sua mensagem\s[\s\S]{0,400}?(?:lida|excluída)|ваше сообщение\s[\s\S]{0,400}?(?:прочитано|прочтено|удалено)"
)

# Complaints that mail services pass on with the mail itself attached, but without a report (RFC 5965).
COMPLAINT_SUBJECTS = ("complaint about message from", "email feedback report for", "abuse report", "spam complaint", "fw: junk report", "[feedback loop]")
