"""The phrases mail programs put between a new text and an older one, per language: data only. Folded like labels.

FORWARDED stand above a forwarded mail, between dashes or with a colon; ORIGINAL stand above a quoted or forwarded
one, so they decide nothing by themselves. PREFIXES stand before subjects. WROTE are the verbs of "On … X wrote:",
OPENING the words such a line begins with. SENT_FROM begin the line a telephone adds below.
"""

from __future__ import annotations

FORWARDED: dict[str, str] = {
    "en": "Forwarded message|Begin forwarded message|Forwarded Message|Forwarded mail|Forwarded by|Forwarded email|Forward message|Fwd message"
          "|Start of forwarded message|Message forwarded|Forwarded e-mail|Forwarded content|Forward Message|Forwarded",
    "de": "Weitergeleitete Nachricht|Anfang der weitergeleiteten Nachricht|Anfang der weitergeleiteten E-Mail|Weitergeleitete E-Mail"
          "|Weitergeleitete Mail|Beginn der weitergeleiteten Nachricht|Weitergeleitet von|Weitergeleitete Mitteilung|Beginn der weitergeleiteten E-Mail",
    "fr": "Message transféré|Début du message réexpédié|Début du message transféré|Message transmis|Message réexpédié|Courriel transféré|E-mail transféré"
          "|Transféré par|Réacheminé par|Début du courriel transféré|Message transféré par",
    "es": "Mensaje reenviado|Inicio del mensaje reenviado|Mensaje reenviado por|Reenviado por|Comienzo del mensaje reenviado|Correo reenviado|Comienza el mensaje reenviado",
    "it": "Messaggio inoltrato|Inizio messaggio inoltrato|Inizio del messaggio inoltrato|Messaggio Inoltrato|Inoltrato da|Email inoltrata|Inizia messaggio inoltrato",
    "nl": "Doorgestuurd bericht|Begin doorgestuurd bericht|Doorgestuurd door|Doorgestuurde e-mail|Begin van doorgestuurd bericht|Doorgezonden bericht",
    "pt": "Mensagem encaminhada|Mensagem reencaminhada|Início da mensagem reencaminhada|Início da mensagem encaminhada|Encaminhado por|Mensagem original encaminhada"
          "|Início da mensagem original|E-mail encaminhado",
    "pl": "Przekazana wiadomość|Treść przekazanej wiadomości|Początek przekazywanej wiadomości|Wiadomość przekazana dalej|Przekazane przez|Przesłana wiadomość|Początek przekazanej wiadomości",
    "cs": "Přeposlaná zpráva|Začátek přeposílané zprávy|Začátek přeposlané zprávy|Předaná zpráva|Přeposlal",
    "sk": "Preposlaná správa|Začiatok preposlanej správy|Preposlaná správa --- Forwarded Message|Preposlal|Začiatok preposielanej správy",
    "da": "Videresendt meddelelse|Videresendt besked|Start på videresendt besked|Videresendt mail|Videresendt af|Videresendt e-mail|Begynd videresendt besked",
    "no": "Videresendt melding|Videresendt e-post|Start på videresendt melding|Begynn videresendt melding|Videresendt av|Starten på den videresendte meldingen",
    "sv": "Vidarebefordrat meddelande|Vidarebefordrat mejl|Vidarebefordrat brev|Vidarebefordrat e-postmeddelande|Början på vidarebefordrat meddelande"
          "|Vidarebefordrad e-post|Börja vidarebefordrat meddelande|Påbörjat vidarebefordrat meddelande|Vidarebefordrat av|Börja vidarebefordra meddelande",
    "fi": "Välitetty viesti|Välitetty viesti alkaa|Edelleenlähetetty viesti|Välitetty viesti / Fwd.Msg|Edelleen lähetetty viesti|Lähetetty edelleen",
    "et": "Edastatud kiri|Edastatud sõnum|Edasi saadetud kiri|Edastatud kirja algus",
    "lv": "Pārsūtīts ziņojums|Pārsūtītā vēstule|Pārsūtīta ziņa", "lt": "Persiųstas laiškas|Persiunčiamas laiškas|Persiųsta žinutė",
    "hu": "Továbbított üzenet|Továbbított levél kezdete|Továbbított levél|Továbbított üzenet kezdete|Továbbított e-mail|Az átirányított üzenet kezdete",
    "hr": "Proslijeđena poruka|Započni proslijeđenu poruku|Proslijeđena e-pošta|Početak proslijeđene poruke|Prosljeđena poruka",
    "sl": "Posredovano sporočilo|Začetek posredovanega sporočila", "sr": "Prosleđena poruka|Прослеђена порука|Početak prosleđene poruke",
    "ro": "Mesaj redirecționat|Mesaj redirecţionat|Începe mesajul redirecționat|Mesaj retrimis|Mesaj redirectionat|Începutul mesajului redirecționat|Mesaj transmis",
    "bg": "Препратено съобщение|Препратено писмо|Начало на препратеното съобщение",
    "ru": "Пересылаемое сообщение|Перенаправленное сообщение|Начало переадресованного сообщения|Пересланное сообщение|Начало пересылаемого сообщения"
          "|Пересылаемое письмо|Пересланное письмо|Переадресованное сообщение|Начало переадресуемого сообщения",
    "uk": "Перенаправлене повідомлення|Переслане повідомлення|Початок листа, що пересилається|Пересланий лист|Початок пересланого повідомлення|Повідомлення, що пересилається",
    "el": "Προωθημένο μήνυμα|Έναρξη προωθημένου μηνύματος|Μήνυμα που προωθήθηκε",
    "tr": "İletilmiş Mesaj|İletilen İleti|İleti başlangıcı|Yönlendirilmiş ileti|İletilen mesaj|Başlangıç iletilen mesaj|Yönlendirilen mesaj|İletilen e-posta|Iletilmis Mesaj",
    "ca": "Missatge reenviat|Inici del missatge reenviat", "id": "Pesan terusan|Pesan diteruskan|Awal pesan terusan|Pesan yang diteruskan",
    "vi": "Thư chuyển tiếp|Bắt đầu thư được chuyển tiếp|Tin nhắn đã chuyển tiếp|Forwarded message",
    "ja": "メッセージを転送|転送メッセージ|転送されたメッセージ|転送メール|Forwarded message|メッセージを転送中|以下、転送されたメール|転送されたメール",
    "zh": "转发的邮件|转发邮件信息|转发邮件|已转发邮件|轉寄的郵件|轉寄郵件|已轉寄郵件|轉寄的信件|下面是被转发的邮件|以下是转发的邮件|开始转发的邮件|轉寄信件",
    "ko": "전달된 메시지|전달된 메일|전달된 이메일|전달한 메시지|원본 메시지 전달", "he": "הודעה שהועברה|הודעה מועברת", "ar": "رسالة معاد توجيهها|الرسالة المعاد توجيهها|رسالة محولة",
}

ORIGINAL: dict[str, str] = {
    "en": "Original Message|Original message|Reply Message|Original Email|Original E-mail|Original mail|Replied Message|Original Appointment"
          "|Reply message|Previous message|Original",
    "de": "Ursprüngliche Nachricht|Originalnachricht|Original-Nachricht|Ursprüngliche Mail|Original Nachricht|Originale Nachricht|Ursprünglicher Termin"
          "|Originalmeldung|Ursprüngliche E-Mail|Original-Mail|Ursprungsnachricht|Ursprüngliche Mitteilung",
    "fr": "Message d'origine|Message original|Courriel original|Message d’origine|Message initial|Courrier original|Mail original|E-mail d'origine|Message de réponse",
    "es": "Mensaje original|Mensaje Original|Correo original|Mensaje de origen", "it": "Messaggio originale|Messaggio Originale|Messaggio originario|Email originale",
    "nl": "Oorspronkelijk bericht|Origineel bericht|Oorspronkelijke bericht|Oorspronkelijke e-mail", "pt": "Mensagem original|Mensagem Original|E-mail original",
    "pl": "Oryginalna wiadomość|Wiadomość oryginalna|Pierwotna wiadomość|Wiadomość źródłowa|Wiadomość pierwotna", "cs": "Původní zpráva|Původní e-mail|Původní text",
    "sk": "Pôvodná správa|Pôvodný e-mail", "da": "Oprindelig meddelelse|Oprindelig besked|Original meddelelse|Oprindelig mail|Oprindelige meddelelse|Oprindelig e-mail",
    "no": "Opprinnelig melding|Opprinnelig e-post|Original melding|Opprinnelig mail", "sv": "Ursprungligt meddelande|Originalmeddelande|Ursprungligt mejl|Ursprungligt mail|Ursprungsmeddelande",
    "fi": "Alkuperäinen viesti|Alkuperäinen sähköposti", "et": "Algne kiri|Algne sõnum|Algkiri", "lv": "Sākotnējais ziņojums|Oriģinālais ziņojums", "lt": "Pradinis laiškas|Originali žinutė",
    "hu": "Eredeti üzenet|Eredeti levél|Eredeti e-mail", "hr": "Izvorna poruka|Originalna poruka|Originalna e-pošta", "sl": "Izvirno sporočilo|Originalno sporočilo",
    "sr": "Originalna poruka|Оригинална порука|Izvorna poruka", "ro": "Mesaj original|Mesajul original|Mesaj inițial|Mesajul inițial", "bg": "Оригинално съобщение|Първоначално съобщение",
    "ru": "Исходное сообщение|Оригинальное сообщение|Первоначальное сообщение|Исходное письмо|Original Message", "uk": "Початкове повідомлення|Вихідне повідомлення|Оригінальне повідомлення",
    "el": "Αρχικό μήνυμα|Αρχικό Μήνυμα", "tr": "Orijinal Mesaj|Özgün İleti|Orijinal İleti|Özgün Mesaj|Asıl İleti", "ca": "Missatge original", "id": "Pesan asli|Pesan Asli",
    "vi": "Thư gốc|Tin nhắn gốc", "ja": "元のメッセージ|オリジナルメッセージ|元のメール|元のﾒｯｾｰｼﾞ", "zh": "原始邮件|原邮件|原始郵件|原始信件|邮件原件|原始邮件信息|回复的原邮件", "ko": "원본 메시지|원본 메일|원래 메시지",
    "he": "הודעה מקורית", "ar": "الرسالة الأصلية",
}

FORWARD_PREFIXES = ("fw|fwd|fws|wg|wtr|weitergeleitet|tr|tr.|rv|rvd|reenv|enc|res. enc|i|inoltro|doorst|fyi|pd|pd.|vs|vb|vl|vid|videresend|videresendt|vidarebefordrat|redir|redir.|fwd.|fw."
                    "|ilt|i̇lt|ilet|i̇let|přep|fwd msg|továbbítás|tov|továbbít|proslijeđeno|prosl|преп|пересл|пер|перен|пересылка|переслано|πρθ|προθ|転送|转发|轉寄|轉發|fw：|전달|передано|trs|trans|transf|edasi|pārs|persiųsta|переадр|bls|chuyển tiếp|meneruskan|הועבר|إعادة توجيه|weiterleitung|reenviado|encaminhada|enc.")
REPLY_PREFIXES = ("re|aw|antw|antwort|sv|vá|va|odp|odp.|r|rif|ref|res|rép|rép.|rep|réf|bls. re|ynt|yan|atb|απ|отв|отв.|re.|aw.|antwoord|svar|vs.|vast|vast.|回复|回覆|答复|返信|답장|回信|відп|одг|odg|odg.|отг|ats|vás|trả lời|balas|תשובה|השב|رد|בתשובה ל|res.|rsp|reply")

# The verb of an attribution line. `…` splits a verb that stands on both sides of a name.
WROTE: dict[str, str] = {
    "en": "wrote|writes|sent|wrote the following|has written|sent the following|posted|said",
    "de": "schrieb|schrieb am|hat geschrieben|geschrieben|schreibt|schrieb folgendes|schrieb im newsbeitrag",
    "fr": "a écrit|a ecrit|écrit|écrivait|a envoyé|à écrit|ecrit|a écrit le message suivant",
    "es": "escribió|escribio|ha escrito|escribía|escribe", "it": "ha scritto|scrive|scritto|ha scritto quanto segue|scriveva", "nl": "schreef|geschreven|het volgende geschreven|schrijft|schreef het volgende",
    "pt": "escreveu|escreve|enviou|escreveu o seguinte", "pl": "napisał(a)|napisał|napisała|pisze|napisał/a|napisano|pisze:", "cs": "napsal(a)|napsal|napsala|píše|napsal/a|napsáno",
    "sk": "napísal(a)|napísal|napísala|píše|napísal/a", "da": "skrev|skriver|har skrevet", "no": "skrev|skriver|skrev følgende|har skrevet", "sv": "skrev|skriver|skrev följande|följande|har skrivit",
    "fi": "kirjoitti|kirjoittaa|kirjoitti seuraavasti", "et": "kirjutas", "lv": "rakstīja|raksta", "lt": "rašė|parašė", "hu": "írta|ezt írta|a következőt írta|írt|ezt írta (időpont",
    "hr": "je napisao/la|napisao je|napisao|napisala|je napisao|je napisala|napisao/la|piše", "sl": "je napisal|je napisala|napisal|je napisal/a", "sr": "је написао/ла|је написао|je napisao/la|написао",
    "ro": "a scris|scrie", "bg": "написа|пише", "ru": "написал|написал(а)|написала|пишет|писал|писал(а)|писала", "uk": "написав|написав(ла)|пише|написала|написав(-ла)|пишет",
    "el": "έγραψε", "tr": "yazdı|şunu yazdı|şunları yazdı|yazmış", "ca": "va escriure|ha escrit", "id": "menulis", "vi": "đã viết|viết", "ja": "のメッセージ|さんは書きました|wrote|のメール|が書きました|書きました",
    "zh": "写道|寫道|写了|來信|来信|编写", "ko": "작성|님이 작성|작성했습니다|님이 작성|썼습니다|쓰셨습니다", "he": "כתב|כתב/ה|כתבה|מאת", "ar": "كتب|كتبت",
}

OPENING = ("on|am|le|el|il|op|em|dne|dnia|w dniu|den|d.|på|il giorno|a|dňa|dana|la|pe|în data de|в|у|στις|την|date|zu|vom|von|om|kl|ons|fre|dn|tr|tarihinde|al|v|u|an|de|por|a las|ha|nuo|pada|vào|quoting|citando|zitat von|citation de|from|il|ti|to|ke|pe data de|oppure|le:|på:")

# Words between date, name and verb that belong to neither.
CONNECTORS = frozenset((
    "at", "um", "uhr", "à", "a", "às", "as", "las", "the", "alle", "ore", "om", "heeft", "hat", "o", "godz", "godz.", "v", "ve", "kl", "kl.", "klo", "u", "в", "о", "пользователь", "користувач", "používateľ",
    "uživatel", "użytkownik", "užívateľ", "időpontban", "by", "von", "de", "del", "from", "le", "den", "skrev", "het", "ha", "schrieb", "to", "tarihinde", "saat", "și", "la", "ora", "e", "and", "und", "wrote",
    "am", "on", "el", "il", "giorno", "op", "em", "dne", "dnia", "je", "је", "has", "ο", "χρήστης", "π.μ", "μ.μ", "dátummal", "lúc", "vào", "от", "г.", "г", "р.", "р", "år", "kirjoitti", "est", "edt", "pst", "pdt", "cet", "cest", "utc", "gmt", "pm",
    "h", "hod.", "hod", "user", "usuário", "usuario", "utilisateur", "uur", "hrs", "korisnik", "dňa", "w", "dniu", "la", "pe", "data", "kello", "schreef", "klockan", "időpontban:", "ezt",
))

SENT_FROM: dict[str, str] = {
    "en": "Sent from my|Sent from|Sent via|Get Outlook for|Sent with|Sent by|Sent on|Download Outlook|Sent using|Please excuse any typos|Sent on the go|Typed on|Written on my",
    "de": "Von meinem|Gesendet von|Gesendet mit|Von meiner|Gesendet über|Diese Nachricht wurde von meinem|Hol dir Outlook|Holen Sie sich Outlook|Outlook für|Gesendet aus|Versendet von|Versendet mit|Von unterwegs gesendet|Gesendet via|Mit Outlook für|Mobil gesendet",
    "fr": "Envoyé de mon|Envoyé depuis|Envoyé à partir|Obtenez Outlook|Envoyé avec|Télécharger Outlook|Obtenir Outlook|Envoyé via|Envoyé par|Provenance :|Envoyé du|Envoyé de l",
    "es": "Enviado desde|Obtener Outlook|Enviado con|Enviado de|Descargar Outlook|Obtenga Outlook|Enviado a través", "it": "Inviato da|Inviato dal|Ottieni Outlook|Scarica Outlook|Inviato con|Inviata da|Inviato tramite",
    "nl": "Verstuurd vanaf|Verzonden vanaf|Verzonden via|Outlook voor|Download Outlook|Verstuurd vanuit|Verstuurd met|Verzonden met|Verzonden vanuit|Verstuurd via|Ontvang Outlook|Outlook downloaden",
    "pt": "Enviado do meu|Enviado a partir|Enviado do|Obter o Outlook|Obtenha o Outlook|Enviado via|Enviado por|Enviado pelo|Enviado de", "pl": "Wysłane z|Wysłano z|Pobierz program Outlook|Pobierz aplikację Outlook|Wysłane za|Uzyskaj program Outlook|Wysłano za",
    "cs": "Odesláno z|Odesláno ze|Získat Outlook|Posláno z|Získejte Outlook|Odesláno pomocí", "sk": "Odoslané z|Odoslané zo|Získať Outlook|Poslané z|Odoslané pomocou", "da": "Sendt fra|Hent Outlook|Sendt via|Sendt med|Få Outlook",
    "no": "Sendt fra|Hent Outlook|Last ned Outlook|Sendt via|Sendt med|Skaff deg Outlook|Få Outlook", "sv": "Skickat från|Hämta Outlook|Skickades från|Skickat med|Skickat via|Skaffa Outlook|Skickad från", "fi": "Lähetetty|Hanki Outlook|Lataa Outlook",
    "et": "Saadetud minu|Saadetud", "hu": "Elküldve|Az Outlook beszerzése|Outlook beszerzése|Küldve|iPhone-omról küldve|Outlook letöltése", "hr": "Poslano s|Poslano sa|Poslano iz|Poslano putem|Nabavite Outlook|Preuzmite Outlook", "sl": "Poslano iz|Poslano z",
    "ro": "Trimis de pe|Trimis din|Obține Outlook|Obțineți Outlook|Trimis cu", "bg": "Изпратено от|Изпратено с", "ru": "Отправлено с|Отправлено из|Скачать Outlook|Получить Outlook|Отправлено от", "uk": "Надіслано з|Відправлено з|Отримати Outlook|Надіслано із|Відправлено із",
    "el": "Στάλθηκε από|Αποστολή από|Εστάλη από", "tr": "iPhone'umdan gönderildi|iPhone’umdan gönderildi|Outlook'u edinin|cihazımdan gönderildi|Outlook'u indirin", "ja": "iPhoneから送信|iPadから送信|私のiPhoneから送信|Outlook for|から送信", "zh": "发自我的|從我的|从我的|发自|获取 Outlook|取得 Outlook|傳送自",
    "ko": "나의 iPhone에서 보냄|내 iPhone에서 보냄|Outlook 다운로드|Android용 Outlook|에서 보냄", "id": "Dikirim dari", "vi": "Đã gửi từ|Được gửi từ", "he": "נשלח מה", "ar": "أرسلت من|تم الإرسال من",
}
