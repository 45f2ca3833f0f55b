"""The phrases mail programs put between a new text and an older one, per language: data only. Folded like labels.

FORWARDED stand above a forwarded mail, between dashes or with a colon; ORIGINAL stand above a quoted or forwarded
one, so they decide nothing by themselves. PREFIXES stand before subjects. WROTE are the verbs of "On … X wrote:",
OPENING the words such a line begins with. SENT_FROM begin the line a telephone adds below.
"""

from __future__ import annotations

FORWARDED: dict[str, str] = {
    "en": "Forwarded message|Begin forwarded message|Forwarded Message|Forwarded mail|Forwarded by|Forwarded email|Forward message|Fwd message"
          "|Start of forwarded message|Message forwarded|Forwarded e-mail|Forwarded content|Forward Message|Forwarded|This is a forwarded message|Begin forwarded email|Begin Forwarded Message|Forwarded letter|Forwarded Mail Message|Forwarding message|Original Message Forwarded|Forwarded message follows|Start forwarded message|Forwarded Appointment|Forwarded conversation",
    "de": "Weitergeleitete Nachricht|Anfang der weitergeleiteten Nachricht|Anfang der weitergeleiteten E-Mail|Weitergeleitete E-Mail"
          "|Weitergeleitete Mail|Beginn der weitergeleiteten Nachricht|Weitergeleitet von|Weitergeleitete Mitteilung|Beginn der weitergeleiteten E-Mail|Weitergeleitete E-Mail von|Weitergeleitete Email|Beginn der weitergeleiteten E-Mail-Nachricht|Anfang weitergeleitete Nachricht|Anfang der weitergeleiteten Mail|Weitergeleitete Nachricht von|Dies ist eine weitergeleitete Nachricht|Start der weitergeleiteten Nachricht|Weitergeleitete Konversation",
    "fr": "Message transféré|Début du message réexpédié|Début du message transféré|Message transmis|Message réexpédié|Courriel transféré|E-mail transféré"
          "|Transféré par|Réacheminé par|Début du courriel transféré|Message transféré par|Mail transféré|Message transféré de|Début du message transmis|Courrier transféré|Message Transféré|Transféré de|Début du mail transféré|Mail transmis|Courriel transmis|Début de l'e-mail transféré|Début du message renvoyé|Ceci est un message transféré",
    "es": "Mensaje reenviado|Inicio del mensaje reenviado|Mensaje reenviado por|Reenviado por|Comienzo del mensaje reenviado|Correo reenviado|Comienza el mensaje reenviado|Mensaje reenviado de|Mensaje Reenviado|Inicio de mensaje reenviado|Inicio del correo reenviado|Email reenviado|Principio del mensaje reenviado|Este es un mensaje reenviado|Correo electrónico reenviado",
    "it": "Messaggio inoltrato|Inizio messaggio inoltrato|Inizio del messaggio inoltrato|Messaggio Inoltrato|Inoltrato da|Email inoltrata|Inizia messaggio inoltrato|Messaggio inoltrato da|Mail inoltrata|Inizio del messaggio reinoltrato|E-mail inoltrata|Messaggio inoltrato|Inizio email inoltrata|Questo è un messaggio inoltrato|Inizia il messaggio inoltrato",
    "nl": "Doorgestuurd bericht|Begin doorgestuurd bericht|Doorgestuurd door|Doorgestuurde e-mail|Begin van doorgestuurd bericht|Doorgezonden bericht|Doorgestuurde mail|Doorgestuurde bericht|Doorgestuurd bericht van|Begin doorgestuurde e-mail|Begin van het doorgestuurde bericht|Doorgezonden e-mail|Doorgestuurd e-mailbericht|Dit is een doorgestuurd bericht",
    "pt": "Mensagem encaminhada|Mensagem reencaminhada|Início da mensagem reencaminhada|Início da mensagem encaminhada|Encaminhado por|Mensagem original encaminhada"
          "|Início da mensagem original|E-mail encaminhado|Início da mensagem original encaminhada|Email encaminhado|Mensagem encaminhada por|Mensagem reencaminhada por|Reencaminhado por|E-mail reencaminhado|Início do e-mail encaminhado|Mensagem Encaminhada|Esta é uma mensagem encaminhada|Mensagem reenviada",
    "pl": "Przekazana wiadomość|Treść przekazanej wiadomości|Początek przekazywanej wiadomości|Wiadomość przekazana dalej|Przekazane przez|Przesłana wiadomość|Początek przekazanej wiadomości|Wiadomość przekazana|Wiadomość przekazywana dalej|Początek przesyłanej dalej wiadomości|Przekazany e-mail|Treść przekazywanej wiadomości|Przesłana dalej wiadomość|Początek przesłanej dalej wiadomości|Przekazana wiadomość e-mail",
    "cs": "Přeposlaná zpráva|Začátek přeposílané zprávy|Začátek přeposlané zprávy|Předaná zpráva|Přeposlal|Přeposlaný e-mail|Přeposlaný email|Přeposílaná zpráva|Předávaná zpráva|Začátek předávané zprávy|Předaný e-mail|Přeposlal(a)",
    "sk": "Preposlaná správa|Začiatok preposlanej správy|Preposlaná správa --- Forwarded Message|Preposlal|Začiatok preposielanej správy|Preposlaný e-mail|Preposielaná správa|Preposlaný email|Začiatok preposlanej pošty",
    "da": "Videresendt meddelelse|Videresendt besked|Start på videresendt besked|Videresendt mail|Videresendt af|Videresendt e-mail|Begynd videresendt besked|Begyndelsen af videresendt besked|Start på videresendt e-mail|Videresendt e-mailmeddelelse|Start på videresendt meddelelse|Videresendt post|Begyndelse på videresendt besked",
    "no": "Videresendt melding|Videresendt e-post|Start på videresendt melding|Begynn videresendt melding|Videresendt av|Starten på den videresendte meldingen|Videresendt e-postmelding|Start på videresendt e-post|Begynnelse på videresendt melding|Videresendt e-mail|Starten på videresendt melding",
    "sv": "Vidarebefordrat meddelande|Vidarebefordrat mejl|Vidarebefordrat brev|Vidarebefordrat e-postmeddelande|Början på vidarebefordrat meddelande"
          "|Vidarebefordrad e-post|Börja vidarebefordrat meddelande|Påbörjat vidarebefordrat meddelande|Vidarebefordrat av|Börja vidarebefordra meddelande|Vidarebefordrat e-brev|Vidarebefordrad epost|Vidarebefordrat mail|Vidarebefordrat e-mail|Början på det vidarebefordrade meddelandet|Start på vidarebefordrat meddelande|Vidarebefordrat mejl börjar|Vidaresänt meddelande",
    "fi": "Välitetty viesti|Välitetty viesti alkaa|Edelleenlähetetty viesti|Välitetty viesti / Fwd.Msg|Edelleen lähetetty viesti|Lähetetty edelleen|Edelleenlähetetty sähköposti|Välitetty sähköposti|Välitetyn viestin alku|Alkaa välitetty viesti|Edelleen välitetty viesti|Viesti välitetty",
    "et": "Edastatud kiri|Edastatud sõnum|Edasi saadetud kiri|Edastatud kirja algus|Edasisaadetud kiri|Edastatud e-kiri|Edastatud meil|Edasisaadetud sõnum",
    "lv": "Pārsūtīts ziņojums|Pārsūtītā vēstule|Pārsūtīta ziņa|Pārsūtīta vēstule|Pārsūtītais ziņojums|Pārsūtītā ziņa|Pārsūtītās vēstules sākums", "lt": "Persiųstas laiškas|Persiunčiamas laiškas|Persiųsta žinutė|Persiųstas el. laiškas|Persiųstas pranešimas|Persiunčiamo laiško pradžia|Persiųsto laiško pradžia",
    "hu": "Továbbított üzenet|Továbbított levél kezdete|Továbbított levél|Továbbított üzenet kezdete|Továbbított e-mail|Az átirányított üzenet kezdete|A továbbított üzenet kezdete|Továbbított e-mail kezdete|Továbbküldött üzenet|Továbbított mail",
    "hr": "Proslijeđena poruka|Započni proslijeđenu poruku|Proslijeđena e-pošta|Početak proslijeđene poruke|Prosljeđena poruka|Proslijeđeni e-mail|Početak proslijeđene e-pošte|Proslijeđena e-poruka|Prosljeđeni mail|Prosljeđena e-pošta",
    "sl": "Posredovano sporočilo|Začetek posredovanega sporočila|Posredovana e-pošta|Posredovano e-sporočilo|Začetek posredovane e-pošte|Začni posredovano sporočilo", "sr": "Prosleđena poruka|Прослеђена порука|Početak prosleđene poruke|Prosleđeni mejl|Prosleđen mejl|Почетак прослеђене поруке|Početak prosleđene poruke",
    "ro": "Mesaj redirecționat|Mesaj redirecţionat|Începe mesajul redirecționat|Mesaj retrimis|Mesaj redirectionat|Începutul mesajului redirecționat|Mesaj transmis|Mesajul redirecționat|Mesaj redirectionat|E-mail redirecționat|Începutul mesajului redirectionat|Inceputul mesajului redirectionat|Mesaj înaintat|Mesaj reexpediat|Mesaj transmis mai departe",
    "bg": "Препратено съобщение|Препратено писмо|Начало на препратеното съобщение|Препратен имейл|Начало на препратено съобщение",
    "ru": "Пересылаемое сообщение|Перенаправленное сообщение|Начало переадресованного сообщения|Пересланное сообщение|Начало пересылаемого сообщения"
          "|Пересылаемое письмо|Пересланное письмо|Переадресованное сообщение|Начало переадресуемого сообщения|Это пересылаемое сообщение|Пересылаемая почта|Пересланное сообщение от|Перенаправленное письмо|Начало пересланного сообщения|Пересылаемое сообщение от|Начало пересылаемого письма|Переслано от|Переадресованное письмо",
    "uk": "Перенаправлене повідомлення|Переслане повідомлення|Початок листа, що пересилається|Пересланий лист|Початок пересланого повідомлення|Повідомлення, що пересилається|Пересилане повідомлення|Перенаправлений лист|Пересилається повідомлення|Початок пересилання повідомлення|Пересланий лист|Пересилання листа|Це переслане повідомлення|Повідомлення переслано|Початок листа, що пересилався",
    "el": "Προωθημένο μήνυμα|Έναρξη προωθημένου μηνύματος|Μήνυμα που προωθήθηκε|Έναρξη μηνύματος που προωθήθηκε|Προωθημένο e-mail|Προωθούμενο μήνυμα|Προώθηση μηνύματος|Αρχή προωθημένου μηνύματος",
    "tr": "İletilmiş Mesaj|İletilen İleti|İleti başlangıcı|Yönlendirilmiş ileti|İletilen mesaj|Başlangıç iletilen mesaj|Yönlendirilen mesaj|İletilen e-posta|Iletilmis Mesaj|İletilmiş ileti|İletilen ileti başlangıcı|İletilmiş Mesaj|Yönlendirilmiş mesaj|İletilmiş e-posta|Yönlendirilen ileti|İletilen e-posta başlangıcı|İletilen İletinin Başlangıcı|Başlangıç: iletilen ileti|Iletilen Ileti",
    "ca": "Missatge reenviat|Inici del missatge reenviat|Missatge reenviat de|Correu reenviat|Inici del correu reenviat", "id": "Pesan terusan|Pesan diteruskan|Awal pesan terusan|Pesan yang diteruskan|Pesan Terusan|Email terusan|Mulai pesan terusan|Pesan yang Diteruskan|Pesan diteruskan|Mulai pesan yang diteruskan",
    "vi": "Thư chuyển tiếp|Bắt đầu thư được chuyển tiếp|Tin nhắn đã chuyển tiếp|Forwarded message|Thư được chuyển tiếp|Thư đã chuyển tiếp|Tin nhắn được chuyển tiếp|Chuyển tiếp thư|Email đã chuyển tiếp",
    "ja": "メッセージを転送|転送メッセージ|転送されたメッセージ|転送メール|Forwarded message|メッセージを転送中|以下、転送されたメール|転送されたメール|以下は転送されたメッセージです|転送されたメッセージの始まり|転送開始|転送元メッセージ|転送したメッセージ|以下転送|以下、転送メッセージ|転送メール本文|以下転送メール|転送されたメッセージここから|転送元のメッセージ",
    "zh": "转发的邮件|转发邮件信息|转发邮件|已转发邮件|轉寄的郵件|轉寄郵件|已轉寄郵件|轉寄的信件|下面是被转发的邮件|以下是转发的邮件|开始转发的邮件|轉寄信件|转发的消息|轉寄訊息|轉寄的訊息|开始转发邮件|開始轉寄郵件|開始轉寄的郵件|以下是被转发的邮件|下面是转发的邮件|以下為轉寄的郵件|轉寄郵件開始|转发信息|转发的邮件信息|已轉寄的郵件|轉發的郵件|轉發郵件|已转发的邮件|被转发邮件信息|转发的原邮件|以下為轉寄信件",
    "ko": "전달된 메시지|전달된 메일|전달된 이메일|전달한 메시지|원본 메시지 전달|전달된 메시지 시작|전달 메시지|전달메일|전달된 메세지|전달한 메일|전달 받은 메시지|전달된 원본 메일|전달 메일", "he": "הודעה שהועברה|הודעה מועברת|תחילת ההודעה שהועברה|התחלת הודעה שהועברה|הודעת דוא״ל שהועברה", "ar": "رسالة معاد توجيهها|الرسالة المعاد توجيهها|رسالة محولة|بدء الرسالة المعاد توجيهها|بداية الرسالة المعاد توجيهها|الرسالة المحولة|رسالة مُعاد توجيهها|بدء الرسالة المُعاد توجيهها|الرسالة التي تمت إعادة توجيهها",
    "th": "ข้อความที่ส่งต่อ|เริ่มข้อความที่ส่งต่อ|เริ่มต้นข้อความที่ส่งต่อ|ข้อความที่ถูกส่งต่อ|อีเมลที่ส่งต่อ",
    "fa": "پیام بازارسال‌شده|پیام ارسال شده|آغاز پیام ارسالی|پیام ارسال‌شده|پیام هدایت‌شده",
    "is": "Áframsent skeyti|Áframsend skilaboð|Áframsendur póstur",
    "gl": "Mensaxe reenviada|Inicio da mensaxe reenviada",
    "eu": "Birbidalitako mezua|Birbidalitako mezuaren hasiera",
    "mk": "Препратена порака|Почеток на препратена порака",
    "ms": "Mesej dimajukan|Mesej yang dimajukan|Mulakan mesej dimajukan",
    "hi": "अग्रेषित संदेश|फ़ॉरवर्ड किया गया संदेश",
}

ORIGINAL: dict[str, str] = {
    "en": "Original Message|Original message|Reply Message|Original Email|Original E-mail|Original mail|Replied Message|Original Appointment"
          "|Reply message|Previous message|Original|Original message text|Original message follows|Original Message text|Original e-mail|Original Message Follows|Please type your reply above this line|Type your reply above this line|Reply above this line|Please reply above this line|Write your reply above this line|Please do not write below this line|Add your reply above here|Enter your reply above this line|Reply above this line to add a comment",
    "de": "Ursprüngliche Nachricht|Originalnachricht|Original-Nachricht|Ursprüngliche Mail|Original Nachricht|Originale Nachricht|Ursprünglicher Termin"
          "|Originalmeldung|Ursprüngliche E-Mail|Original-Mail|Ursprungsnachricht|Ursprüngliche Mitteilung|Ursprüngliche Email|Originaltext|Originalnachricht von|Originale E-Mail|Ursprüngliche Nachricht von|Ursprungs-Nachricht|Original Mail|Bitte antworten Sie oberhalb dieser Zeile|Bitte geben Sie Ihre Antwort oberhalb dieser Zeile ein|Antworten Sie oberhalb dieser Zeile|Bitte antworten Sie über dieser Linie|Bitte oberhalb dieser Zeile antworten|Bitte über dieser Zeile antworten",
    "fr": "Message d'origine|Message original|Courriel original|Message d’origine|Message initial|Courrier original|Mail original|E-mail d'origine|Message de réponse|Message d´origine|Mail d'origine|Courriel d'origine|Message Original|Message originel|Veuillez répondre au-dessus de cette ligne|Répondre au-dessus de cette ligne|Répondez au-dessus de cette ligne|Merci de répondre au-dessus de cette ligne|Veuillez saisir votre réponse au-dessus de cette ligne",
    "es": "Mensaje original|Mensaje Original|Correo original|Mensaje de origen|Mensaje de Origen|E-mail original|Email original|Mensaje Inicial|Mensaje inicial|Por favor, escriba su respuesta por encima de esta línea|Responda por encima de esta línea|Escriba su respuesta por encima de esta línea|Por favor responda por encima de esta línea", "it": "Messaggio originale|Messaggio Originale|Messaggio originario|Email originale|Mail originale|E-mail originale|Messaggio iniziale|Messaggio di origine|Messaggio d'origine|Rispondi sopra questa riga|Scrivi la tua risposta sopra questa riga|Rispondere sopra questa riga",
    "nl": "Oorspronkelijk bericht|Origineel bericht|Oorspronkelijke bericht|Oorspronkelijke e-mail|Originele bericht|Originele e-mail|Originele mail|Oorspronkelijk e-mailbericht|Oorspronkelijke mail|Typ uw antwoord boven deze regel|Antwoord boven deze regel|Antwoord boven deze lijn|Gelieve boven deze lijn te antwoorden", "pt": "Mensagem original|Mensagem Original|E-mail original|Email original|Mensagem de origem|Mensagem inicial|E-Mail original|Responda acima desta linha|Digite sua resposta acima desta linha|Por favor, responda acima desta linha",
    "pl": "Oryginalna wiadomość|Wiadomość oryginalna|Pierwotna wiadomość|Wiadomość źródłowa|Wiadomość pierwotna|Oryginalny e-mail|Wiadomość oryginalna|Oryginał wiadomości|Oryginalny mail|Treść oryginalnej wiadomości|Pierwotny e-mail|Odpowiedz powyżej tej linii|Proszę odpowiadać powyżej tej linii", "cs": "Původní zpráva|Původní e-mail|Původní text|Originální zpráva|Původní email|Původní mail",
    "sk": "Pôvodná správa|Pôvodný e-mail|Originálna správa|Pôvodný email|Pôvodný mail|Originál správy", "da": "Oprindelig meddelelse|Oprindelig besked|Original meddelelse|Oprindelig mail|Oprindelige meddelelse|Oprindelig e-mail|Original besked|Original mail|Original e-mail|Den oprindelige meddelelse|Svar over denne linje|Skriv dit svar over denne linje",
    "no": "Opprinnelig melding|Opprinnelig e-post|Original melding|Opprinnelig mail|Original e-post|Opprinnelig e-postmelding|Originalmelding|Opprinnelig beskjed", "sv": "Ursprungligt meddelande|Originalmeddelande|Ursprungligt mejl|Ursprungligt mail|Ursprungsmeddelande|Originalmejl|Ursprungligt e-postmeddelande|Ursprungligt e-brev|Ursprunglig e-post|Originalbrev|Ursprungligt brev|Svara ovanför denna rad|Skriv ditt svar ovanför denna rad",
    "fi": "Alkuperäinen viesti|Alkuperäinen sähköposti|Alkuperäinen sanoma|Alkuperäinen viesti alkaa|Alkuperäinen sähköpostiviesti", "et": "Algne kiri|Algne sõnum|Algkiri|Originaalkiri|Algne e-kiri|Originaalsõnum|Esialgne kiri", "lv": "Sākotnējais ziņojums|Oriģinālais ziņojums|Sākotnējā vēstule|Oriģinālā vēstule|Oriģinālā ziņa", "lt": "Pradinis laiškas|Originali žinutė|Originalus laiškas|Pirminis laiškas|Originalus pranešimas|Pradinis pranešimas",
    "hu": "Eredeti üzenet|Eredeti levél|Eredeti e-mail|Eredeti mail", "hr": "Izvorna poruka|Originalna poruka|Originalna e-pošta|Izvorni e-mail|Originalni e-mail|Izvorna e-pošta|Originalni mail", "sl": "Izvirno sporočilo|Originalno sporočilo|Prvotno sporočilo|Izvirna e-pošta|Izvorno sporočilo",
    "sr": "Originalna poruka|Оригинална порука|Izvorna poruka|Originalni mejl|Изворна порука|Оригинални мејл", "ro": "Mesaj original|Mesajul original|Mesaj inițial|Mesajul inițial|E-mail original|Mesaj Original|Mesajul Original|Mesaj initial", "bg": "Оригинално съобщение|Първоначално съобщение|Оригинален имейл|Изходно съобщение|Оригинално писмо",
    "ru": "Исходное сообщение|Оригинальное сообщение|Первоначальное сообщение|Исходное письмо|Original Message|Исходный текст|Текст исходного сообщения|Оригинал сообщения|Оригинальное письмо|Первоначальное письмо", "uk": "Початкове повідомлення|Вихідне повідомлення|Оригінальне повідомлення|Вихідний лист|Оригінальний лист|Початковий лист|Вихідне Повідомлення|Первинне повідомлення|Оригінал повідомлення",
    "el": "Αρχικό μήνυμα|Αρχικό Μήνυμα|Αρχικό e-mail|Πρωτότυπο μήνυμα", "tr": "Orijinal Mesaj|Özgün İleti|Orijinal İleti|Özgün Mesaj|Asıl İleti|Orijinal ileti|Orjinal Mesaj|Orijinal E-posta|Orjinal İleti|Orijinal e-posta|Asıl Mesaj|Özgün e-posta", "ca": "Missatge original|Missatge d'origen|Correu original", "id": "Pesan asli|Pesan Asli|Email asli|Pesan orisinal",
    "vi": "Thư gốc|Tin nhắn gốc|Tin nhắn ban đầu|Email gốc|Thư ban đầu", "ja": "元のメッセージ|オリジナルメッセージ|元のメール|元のﾒｯｾｰｼﾞ|オリジナル メッセージ|元メッセージ|Original Message|元の電子メール|返信元メッセージ", "zh": "原始邮件|原邮件|原始郵件|原始信件|邮件原件|原始邮件信息|回复的原邮件|原始邮件内容|原信件|原始消息|原始訊息|原始信息|回复的邮件|原邮件信息|回复原邮件|回覆的郵件", "ko": "원본 메시지|원본 메일|원래 메시지|원본메일|원본 메세지|원본메시지|원문 메시지|원본 이메일",
    "he": "הודעה מקורית|הודעת המקור|ההודעה המקורית", "ar": "الرسالة الأصلية|رسالة أصلية",
    "th": "ข้อความต้นฉบับ|ข้อความเดิม",
    "fa": "پیام اصلی",
    "is": "Upprunaleg skilaboð|Upprunalegt skeyti|Upphaflegur póstur|Upprunalegur póstur",
    "gl": "Mensaxe orixinal",
    "eu": "Jatorrizko mezua",
    "mk": "Оригинална порака|Изворна порака",
    "ms": "Mesej Asal|Mesej asal",
    "hi": "मूल संदेश",
}

# What closes a forwarded mail.
ENDED: dict[str, str] = {
    "en": "End forwarded message|End of forwarded message|End of original message text|End of forwarded mail|End forwarded mail|End of original message|End original message|End of message",
    "de": "Ende der weitergeleiteten Nachricht|Ende weitergeleitete Nachricht|Ende der Originalnachricht|Ende des originalen Textes|Ende der ursprünglichen Nachricht|Ende der weitergeleiteten Mail",
    "fr": "Fin du message transféré|Fin du message réexpédié|Fin du message d'origine|Fin du texte du message original|Fin du message transmis|Fin du message original",
    "es": "Fin del mensaje reenviado|Final del mensaje reenviado|Fin del mensaje original|Finaliza mensaje reenviado|Fin del texto original del mensaje",
    "it": "Fine messaggio inoltrato|Fine del messaggio inoltrato|Fine messaggio originale|Fine del messaggio originale|Termina messaggio inoltrato|Fine testo messaggio originale",
    "pt": "Fim da mensagem encaminhada|Fim da mensagem reencaminhada|Fim da mensagem original|Final da mensagem encaminhada",
    "nl": "Einde doorgestuurd bericht|Einde van doorgestuurd bericht|Einde oorspronkelijk bericht|Einde van het doorgestuurde bericht|Einde van oorspronkelijk bericht",
    "pl": "Koniec przekazanej wiadomości|Koniec przekazywanej wiadomości|Koniec wiadomości przekazanej|Koniec oryginalnej wiadomości|Koniec treści oryginalnej wiadomości",
    "cs": "Konec přeposlané zprávy|Konec předané zprávy|Konec přeposílané zprávy|Konec původní zprávy", "sk": "Koniec preposlanej správy|Koniec pôvodnej správy",
    "da": "Slut på videresendt meddelelse|Slut på videresendt besked|Slut på oprindelig meddelelse", "no": "Slutt på videresendt melding|Slutt på opprinnelig melding",
    "sv": "Slut på vidarebefordrat meddelande|Slut på vidarebefordrat brev|Avsluta vidarebefordrat meddelande|Slut på originalmeddelande", "fi": "Välitetty viesti päättyy|Edelleenlähetetty viesti päättyy|Välitetyn viestin loppu",
    "hu": "Továbbított üzenet vége|A továbbított üzenet vége|Továbbított levél vége", "ro": "Sfârșitul mesajului redirecționat|Sfârşitul mesajului redirecţionat", "et": "Edastatud kirja lõpp", "tr": "İletilen mesajın sonu|İletilen iletinin sonu|Yönlendirilmiş ileti sonu",
    "ru": "Конец пересылаемого сообщения|Конец пересылаемого письма|Конец пересланного сообщения|Конец исходного текста|Конец исходного сообщения|Конец перенаправленного сообщения|Конец переадресованного сообщения|Конец текста исходного сообщения|Конец исходного текста сообщения",
    "uk": "Кінець пересланого повідомлення|Кінець повідомлення, що пересилається|Кінець пересиланого повідомлення|Кінець оригінального тексту", "ja": "転送メッセージここまで|転送ここまで|以上、転送メッセージ|転送終了", "zh": "转发邮件结束|轉寄郵件結束",
}

FORWARD_PREFIXES = ("fw|fwd|fws|wg|wtr|weitergeleitet|tr|tr.|rv|rvd|reenv|enc|res. enc|i|inoltro|doorst|pd|pd.|vs|vb|vl|vid|videresend|videresendt|vidarebefordrat|redir|"
    "redir.|fwd.|fw.|ilt|i̇lt|ilet|i̇let|přep|fwd msg|továbbítás|tov|továbbít|proslijeđeno|prosl|преп|пересл|пер|перен|пересылка|переслано|πρθ|προθ|転送|转发|"
    "轉寄|轉發|fw：|전달|передано|trs|trans|transf|edasi|pārs|persiųsta|переадр|chuyển tiếp|meneruskan|הועבר|إعادة توجيه|weiterleitung|reenviado|encaminhada|enc.|"
    "forwarded|forward|fwded|weitergel|transféré|réexp|reenvío|reenvio|inoltrato|doorgestuurd|doorgez|encaminhado|reencaminhada|reenc|przekazane|"
    "przesłane dalej|preposlané|prepos|přeposláno|videresendes|vidarebef|välitetty|edastatud|pārsūtīts|pers|persiųstas|továbbítva|proslijeđena|"
    "posredovano|posr|redirecționat|redirectionat|препратено|пересланное|пересылаемое|переслане|пересл.|προώθηση|προωθημένο|iletildi|yönlendirilen|terusan|"
    "fs|birbidali|birb|ส่งต่อ|已转发|העברה|محول|बढ़ाया गया|prv")
REPLY_PREFIXES = ("re|aw|antw|antwort|sv|vá|va|odp|odp.|r|rif|ref|res|rép|rép.|rep|réf|bls. re|ynt|yan|atb|απ|отв|отв.|re.|aw.|antwoord|svar|vs.|vast|vast.|回复|回覆|答复|返信|"
    "답장|回信|відп|одг|odg|odg.|отг|ats|vás|trả lời|balas|תשובה|השב|رد|בתשובה ל|res.|rsp|reply|bls|на|отн|отн.|תגובה|회신|답변|ตอบ|ตอบกลับ|tl|ang|ang.|vastus|"
    "atsakymas|válasz|válasz.|valasz|respuesta|resp|réponse|risposta|antwoorden|odpowiedź|odpověď|odpoveď|răspuns|răsp|yanıt|cevap|απάντηση|ответ|відповідь|"
    "од|reaktion|返事|答覆")
# Languages in which a prefix means an answer that means a forward elsewhere.
ANSWERS_IN: dict[str, tuple[str, ...]] = {"vs": ("fi", "et")}

# The verb of an attribution line. `…` splits a verb that stands on both sides of a name.
WROTE: dict[str, str] = {
    "en": "wrote|writes|sent|wrote the following|has written|sent the following|posted|said",
    "de": "schrieb|schrieb am|hat geschrieben|geschrieben|schreibt|schrieb folgendes|schrieb im newsbeitrag|folgendes geschrieben|hat folgendes geschrieben",
    "fr": "a écrit|a ecrit|écrit|écrivait|a envoyé|à écrit|ecrit|a écrit le message suivant",
    "es": "escribió|escribio|ha escrito|escribía|escribe|escribió lo siguiente|ha escrito lo siguiente", "it": "ha scritto|scrive|scritto|ha scritto quanto segue|scriveva", "nl": "schreef|geschreven|het volgende geschreven|schrijft|schreef het volgende",
    "pt": "escreveu|escreve|enviou|escreveu o seguinte", "pl": "napisał(a)|napisał|napisała|pisze|napisał/a|napisano|pisze:|napisał/-a|napisał (-a)|napisał(-a)", "cs": "napsal(a)|napsal|napsala|píše|napsal/a|napsáno",
    "sk": "napísal(a)|napísal|napísala|píše|napísal/a", "da": "skrev|skriver|har skrevet|skrev følgende", "no": "skrev|skriver|skrev følgende|har skrevet", "sv": "skrev|skriver|skrev följande|följande|har skrivit",
    "fi": "kirjoitti|kirjoittaa|kirjoitti seuraavasti", "et": "kirjutas", "lv": "rakstīja|raksta", "lt": "rašė|parašė", "hu": "írta|ezt írta|a következőt írta|írt|ezt írta (időpont",
    "hr": "je napisao/la|napisao je|napisao|napisala|je napisao|je napisala|napisao/la|piše", "sl": "je napisal|je napisala|napisal|je napisal/a|piše|je napisal(a)|napisal(a)", "sr": "је написао/ла|је написао|je napisao/la|написао|је написала|пише|je napisao|je napisala|napisao/la",
    "ro": "a scris|scrie", "bg": "написа|пише", "ru": "написал|написал(а)|написала|пишет|писал|писал(а)|писала", "uk": "написав|написав(ла)|пише|написала|написав(-ла)|пишет",
    "el": "έγραψε", "tr": "yazdı|şunu yazdı|şunları yazdı|yazmış", "ca": "va escriure|ha escrit|escrigué|escriu", "id": "menulis", "vi": "đã viết|viết", "ja": "のメッセージ|さんは書きました|wrote|のメール|が書きました|書きました|さんが書きました|さんのメール|からのメール|は書きました|が書き込みました|に書き込みました|を書き込みました|からのメッセージ",
    "zh": "写道|寫道|写了|來信|来信|编写|撰寫|写到|編寫", "ko": "작성|님이 작성|작성했습니다|님이 작성|썼습니다|쓰셨습니다|님이 씀|님이 쓴 글|님이 쓰신 글", "he": "כתב|כתב/ה|כתבה|מאת|כתב/כתבה|כתב(ה)", "ar": "كتب|كتبت|تمت كتابة ما يلي بواسطة|كتب ما يلي|كتب/ت",
    "is": "skrifaði",
    "gl": "escribiu|escribiu o seguinte",
    "eu": "idatzi du|idatzi zuen|hau idatzi du|igorleak hau idatzi du",
    "mk": "напиша|пишува|напишал",
    "th": "เขียนว่า|เขียน|ได้เขียน",
    "fa": "نوشت|نوشته است",
    "hi": "ने लिखा",
    "tl": "isinulat ni|sumulat ng",
}

OPENING = ("on|am|le|el|il|op|em|dne|dnia|w dniu|den|d.|på|il giorno|a|dňa|dana|la|pe|în data de|в|у|στις|την|date|zu|vom|von|om|kl|ons|fre|dn|tr|tarihinde|al|v|u|an|de|por|a las|ha|nuo|pada|vào|quoting|citando|zitat von|citation de|from|ti|to|ke|pe data de|oppure|le:|på:|no dia|noong|þann|เมื่อ|pada tanggal|בתאריך|في|vào lúc|a la|at|el dia|kuupäev|tarih|wiadomość napisana przez|v v")

# What stands before the name in place of a verb behind it (Horde, IMP): "Quoting John Doe <john@doe.example>:".
QUOTING = ("quoting|zitat von|zitat|citando|citando a|citation de|citation|citát|cituji|citujem|cytat|cytowanie|citerar|citat|siterer|lainaus|idézet|"
           "idézés|citeren|citaat van|citaat|цитирование|цитата|цитирую|цитирам|alıntı|引用|quoted by|quote from|atsitējums|tsiteerin|citatas")

# Verbs that people use about other things than mail, too.
WEAK = frozenset(("sent", "said", "posted", "sent the following", "enviou", "a envoyé", "pisze", "píše", "piše", "пише", "пишет", "scritto", "geschrieben",
                  "geschreven", "följande", "napsáno", "napisano", "מאת"))

# Words between date, name and verb that belong to neither.
CONNECTORS = frozenset((
    "odesílatel", "odosielateľ", "odesilatel", "odosielatel", "に", "ص", "م", "kasutaja", "kasutajalt", "kuupäeval", "kell", "keltezéssel", "keltezessel", "oseba", "ob", "ο/η", "η", "lietotājs", "plkst", "plkst.", "naudotojas", "felhasználó", "gebruiker", "utente", "bruger",
    "bruker", "användaren", "käyttäjä", "les", "ás", "ora", "orele", "ч", "ч.", "у", "на", "lúc", "pukul", "tanggal", "pada", "เวลา", "เมื่อ", "skrifaði", "þann", "في", "بواسطة", "מאת", "בשעה", "nang", "ni",
    "від", "le", "klukkan", "kl:", "uhr:", "h.", "horas", "uur:", "год", "год.", "м.", "d.", "gada", "g.", "於", "于", "在", "dia",
    "at", "um", "uhr", "à", "a", "às", "as", "las", "the", "alle", "ore", "om", "heeft", "hat", "o", "godz", "godz.", "v", "ve", "kl", "kl.", "klo", "u", "в", "о", "пользователь", "користувач", "používateľ",
    "uživatel", "użytkownik", "užívateľ", "időpontban", "by", "von", "de", "del", "from", "le", "den", "skrev", "het", "ha", "schrieb", "to", "tarihinde", "saat", "și", "la", "ora", "e", "and", "und", "wrote",
    "am", "on", "el", "il", "giorno", "op", "em", "dne", "dnia", "je", "је", "has", "ο", "χρήστης", "π.μ", "μ.μ", "dátummal", "lúc", "vào", "от", "г.", "г", "р.", "р", "år", "kirjoitti", "est", "edt", "pst", "pdt", "cet", "cest", "utc", "gmt", "pm",
    "h", "hod.", "hod", "user", "usuário", "usuario", "utilisateur", "uur", "hrs", "korisnik", "dňa", "w", "dniu", "la", "pe", "data", "kello", "schreef", "klockan", "időpontban:", "ezt",
))

SENT_FROM: dict[str, str] = {
    "en": "Sent from my|Sent from|Sent via|Get Outlook for|Sent with|Sent by|Sent on|Download Outlook|Sent using|Please excuse any typos|Sent on the go|Typed on|Written on my|Sent by my|Sent w/|Sent securely from|Get BlueMail for|Get TypeApp for|Get Spark for|Get Gmail for|Mailed from my|Brought to you by my|Apologies for typos|Excuse typos|Sent mobile|Sent wirelessly|Sent from Mail for|Message sent from my|This message was sent from my|This e-mail was sent from my|This email was sent from my",
    "de": "Von meinem|Gesendet von|Gesendet mit|Von meiner|Gesendet über|Diese Nachricht wurde von meinem|Hol dir Outlook|Holen Sie sich Outlook|Outlook für|Gesendet aus|Versendet von|Versendet mit|Von unterwegs gesendet|Gesendet via|Mit Outlook für|Mobil gesendet|Diese Nachricht wurde von meinem Android Mobiltelefon|Diese Nachricht wurde von meinem Android Gerät|Diese Nachricht wurde von meinem Android-Mobiltelefon|Diese E-Mail wurde von meinem|Von meinem Mobiltelefon|Vom iPhone|Vom Handy|Vom Smartphone|Vom iPad|Von meinem Samsung|Laden Sie Outlook|Outlook herunterladen|Gesendet per|Unterwegs gesendet|Von unterwegs|Gesendet vom|Gesendet durch|Versandt mit|Von meinem Android",
    "fr": "Envoyé de mon|Envoyé depuis|Envoyé à partir|Obtenez Outlook|Envoyé avec|Télécharger Outlook|Obtenir Outlook|Envoyé via|Envoyé par|Provenance :|Envoyé du|Envoyé de l|Envoyé par mon|Envoyée de mon|Télécharger BlueMail|De mon iPhone|Envoyé avec mon|Envoi depuis|Ce message a été envoyé depuis mon|Envoyé à l'aide de",
    "es": "Enviado desde|Obtener Outlook|Enviado con|Enviado de|Descargar Outlook|Obtenga Outlook|Enviado a través|Enviado desde el|Descarga Outlook|Obtén Outlook|Enviado por mi|Enviado vía|Enviado mediante|Mandado desde", "it": "Inviato da|Inviato dal|Ottieni Outlook|Scarica Outlook|Inviato con|Inviata da|Inviato tramite|Inviato dallo|Inviato dalla|Inviato col|Inviato via|Ottieni BlueMail|Spedito da",
    "nl": "Verstuurd vanaf|Verzonden vanaf|Verzonden via|Outlook voor|Download Outlook|Verstuurd vanuit|Verstuurd met|Verzonden met|Verzonden vanuit|Verstuurd via|Ontvang Outlook|Outlook downloaden|Verzonden van mijn|Verstuurd van mijn|Gestuurd vanaf|Verzonden door|Outlook voor iOS downloaden|Verstuurd vanop",
    "pt": "Enviado do meu|Enviado a partir|Enviado do|Obter o Outlook|Obtenha o Outlook|Enviado via|Enviado por|Enviado pelo|Enviado de|Enviado a partir do meu|Enviado através|Enviada do meu|Baixar o Outlook|Transferir o Outlook|Enviado com|Obter Outlook|Obtenha Outlook", "pl": "Wysłane z|Wysłano z|Pobierz program Outlook|Pobierz aplikację Outlook|Wysłane za|Uzyskaj program Outlook|Wysłano za|Wysłane ze|Wysłano ze|Wysłano przy|Wysłane przez|Wysłane przy|Wysłano przez|Pobierz Outlook",
    "cs": "Odesláno z|Odesláno ze|Získat Outlook|Posláno z|Získejte Outlook|Odesláno pomocí|Odeslano z|Odesláno z mého|Získejte aplikaci Outlook|Poslano z|Odesláno ze zařízení|Získat aplikaci Outlook", "sk": "Odoslané z|Odoslané zo|Získať Outlook|Poslané z|Odoslané pomocou|Odoslané z môjho|Odoslane z|Získajte Outlook|Odoslané zo zariadenia", "da": "Sendt fra|Hent Outlook|Sendt via|Sendt med|Få Outlook|Sendt fra mit|Hent Outlook til|Afsendt fra",
    "no": "Sendt fra|Hent Outlook|Last ned Outlook|Sendt via|Sendt med|Skaff deg Outlook|Få Outlook|Sendt fra mobilen", "sv": "Skickat från|Hämta Outlook|Skickades från|Skickat med|Skickat via|Skaffa Outlook|Skickad från|Skickat från min|Ladda ner Outlook|Hämta Outlook för|Skickat ifrån|Sänt från", "fi": "Lähetetty|Hanki Outlook|Lataa Outlook|Lähetetty iPhonesta|Lähetetty iPadista|Lähetetty iPhonestani|Lähetetty puhelimesta|Lähetetty Samsung|Lähetetty minun",
    "et": "Saadetud minu|Saadetud|Saadetud minu iPhone|Hangi Outlook", "hu": "Elküldve|Az Outlook beszerzése|Outlook beszerzése|Küldve|iPhone-omról küldve|Outlook letöltése|Küldve az iPhone|Elküldve az iPhone|Samsung mobilomról küldve", "hr": "Poslano s|Poslano sa|Poslano iz|Poslano putem|Nabavite Outlook|Preuzmite Outlook|Poslano s mog|Poslano iz mog", "sl": "Poslano iz|Poslano z|Poslano z mojega|Poslano s",
    "ro": "Trimis de pe|Trimis din|Obține Outlook|Obțineți Outlook|Trimis cu|Trimis de la|Trimis prin|Descărcați Outlook", "bg": "Изпратено от|Изпратено с|Изпратено от моя|Изпратено чрез|Вземи Outlook", "ru": "Отправлено с|Отправлено из|Скачать Outlook|Получить Outlook|Отправлено от|Отправлено из мобильной|Отправлено с моего|Отправлено через|Отправлено с устройства|Послано с|Скачайте Outlook|Отправлено при помощи", "uk": "Надіслано з|Відправлено з|Отримати Outlook|Надіслано із|Відправлено із|Надіслано з мого|Надіслано через|Завантажити Outlook|Відправлено через",
    "el": "Στάλθηκε από|Αποστολή από|Εστάλη από|Στάλθηκε με|Λήψη του Outlook|Αποκτήστε το Outlook|Εστάλη με|Στάλθηκε απο", "tr": "iPhone'umdan gönderildi|iPhone’umdan gönderildi|Outlook'u edinin|cihazımdan gönderildi|Outlook'u indirin|iPad'imden gönderildi|Samsung cihazımdan gönderildi|iPhone'dan gönderildi|Android için Outlook|iOS için Outlook|Outlook uygulamasını edinin|Galaxy cihazımdan gönderildi", "ja": "iPhoneから送信|iPadから送信|私のiPhoneから送信|Outlook for|から送信|iPhoneから送信されました|Galaxyから送信|Outlook for iOS を入手|Androidから送信|スマートフォンから送信|Yahoo!メール for iPhone から送信", "zh": "发自我的|從我的|从我的|发自|获取 Outlook|取得 Outlook|傳送自|发自我的iPhone|发自我的 iPhone|发自我的iPad|从我的iPhone发送|從我的iPhone傳送|從我的 iPhone 傳送|發自我的iPhone|来自我的|發自我的|从我的 iPhone 发送|发自我的华为手机|发自我的小米手机|发自我的手机|发自网易邮箱大师|发自手机|从手机发送|下载适用于|取得 iOS 版 Outlook|获取 iOS 版 Outlook|发送自",
    "ko": "나의 iPhone에서 보냄|내 iPhone에서 보냄|Outlook 다운로드|Android용 Outlook|에서 보냄|내 Galaxy에서 보냄|갤럭시에서 보냄|iPhone에서 보냄|iOS용 Outlook|네이버 메일에서 보냄", "id": "Dikirim dari|Dikirim dari iPhone|Dapatkan Outlook|Terkirim dari", "vi": "Đã gửi từ|Được gửi từ|Gửi từ|Tải Outlook|Được gửi từ iPhone", "he": "נשלח מה|נשלח מהאייפון|נשלח מה-iPhone|נשלח מה- iPhone|קבל את Outlook", "ar": "أرسلت من|تم الإرسال من|مرسل من|أُرسلت من|الحصول على Outlook",
    "sr": "Poslato sa|Послато са|Poslato iz|Poslato s",
    "ca": "Enviat des de|Enviat des del",
    "lv": "Nosūtīts no",
    "lt": "Išsiųsta iš",
    "th": "ส่งจาก iPhone|ส่งจาก",
    "is": "Sent úr|Sent frá",
}
