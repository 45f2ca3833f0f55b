"""The labels of mail headers inside text, per language: data only.

Per language and field the labels that mail programs write when they forward or quote (Outlook of all ages, Apple
Mail, Gmail, Thunderbird, Yahoo, Samsung, Lotus Notes, web mailers), separated by `|`, without the colon, in any
case. The folding is that of `parsers.header_block.fold_label`. The order of languages only decides which one is
named when a block fits several.
"""

from __future__ import annotations

FIELDS = ("from", "to", "cc", "bcc", "date", "subject", "reply_to", "other")

LABELS: dict[str, dict[str, str]] = {
    "en": {"from": "From|Sender|Sent by", "to": "To|Recipient|Recipients", "cc": "Cc|CC|Copy", "bcc": "Bcc",
           "date": "Date|Sent|Date sent|Sent on|Sent at|Received", "subject": "Subject|Title",
           "reply_to": "Reply-To|Reply To|Respond-To",
           "other": "Importance|Priority|Attachments|Attachment|Organization|Resent-From|Resent-To|Resent-Date|Message-ID|"
                    "In-Reply-To|Return-Path|Cc (copy)|Sensitivity|Categories|Follow Up Flag|Flag Status|Delivered-To|X-Mailer|"
                    "Conversation|Posted To|When|Where|Mailed-By|Signed-By|Security|References|User-Agent|List-ID"},
    "de": {"from": "Von|Absender|Gesendet von", "to": "An|Empfänger", "cc": "Cc|Kopie|Kopie (CC)|Kopie an|Kopien an",
           "bcc": "Bcc|Blindkopie", "date": "Datum|Gesendet|Gesendet am|Gesendet um|Datum/Uhrzeit|Abgesendet",
           "subject": "Betreff|Thema", "reply_to": "Antwort an|Antworten an|Antwort-An", "other": "Wichtigkeit|Priorität|Anlage|Anlagen|"
                    "Anhang|Anhänge|Organisation|Kategorien|Vertraulichkeit"},
    "fr": {"from": "De|Expéditeur|Envoyé par|De la part de", "to": "À|A|Pour|Destinataire|Destinataires", "cc": "Cc|Copie à|Copie|Copie (CC)",
           "bcc": "Cci|Copie cachée à", "date": "Date|Envoyé|Envoyé le|Date d'envoi|Message du|Envoyé à", "subject": "Objet|Sujet",
           "reply_to": "Répondre à|Réponse à", "other": "Importance|Pièce jointe|Pièces jointes|Priorité|Organisation"},
    "es": {"from": "De|Remitente|Enviado por", "to": "Para|A|Destinatario", "cc": "Cc|CC|Copia", "bcc": "Cco|Bcc|CCO",
           "date": "Fecha|Enviado|Enviado el|Enviada|Enviado a las|Fecha de envío|Enviado:el", "subject": "Asunto|Tema",
           "reply_to": "Responder a|Responder A", "other": "Importancia|Adjuntos|Datos adjuntos|Prioridad|Organización"},
    "it": {"from": "Da|Mittente|Inviato da", "to": "A|Per|Destinatario", "cc": "Cc|CC|Copia", "bcc": "Ccn|Bcc",
           "date": "Data|Inviato|Inviato il|Inviata|Data invio", "subject": "Oggetto", "reply_to": "Rispondi a|Rispondi A",
           "other": "Priorità|Allegati|Allegato|Organizzazione|Importanza"},
    "pt": {"from": "De|Remetente|Enviado por", "to": "Para|Destinatário", "cc": "Cc|CC|Com cópia|Cópia", "bcc": "Cco|Bcc|CCO",
           "date": "Data|Enviado|Enviada|Enviado em|Enviada em|Date|Data de envio|Enviado a", "subject": "Assunto", "reply_to": "Responder a|Responder A|Responder para",
           "other": "Importância|Anexos|Prioridade|Organização"},
    "nl": {"from": "Van|Afzender|Verzonden door", "to": "Aan|Naar|Ontvanger", "cc": "Cc|CC|Kopie|Kopie aan", "bcc": "Bcc",
           "date": "Datum|Verzonden|Verzonden op|Verstuurd", "subject": "Onderwerp", "reply_to": "Antwoord aan|Antwoorden aan|Beantwoorden aan",
           "other": "Urgentie|Bijlage|Bijlagen|Prioriteit|Organisatie"},
    "pl": {"from": "Od|Nadawca", "to": "Do|Adresat|Odbiorca", "cc": "Dw|DW|Kopia|Do wiadomości|Cc", "bcc": "Udw|UDW",
           "date": "Data|Wysłano|Wysłane|Data wysłania|Wysłany", "subject": "Temat|Dotyczy", "reply_to": "Odpowiedź-do|Odpowiedz do|Odpowiedź do",
           "other": "Ważność|Załączniki|Priorytet"},
    "cs": {"from": "Od|Odesílatel|Odesilatel", "to": "Komu|Pro|Příjemce", "cc": "Kopie|Cc|Kopie (Cc)", "bcc": "Skrytá kopie|Bcc",
           "date": "Datum|Odesláno|Odeslané|Posláno", "subject": "Předmět", "reply_to": "Odpověď na|Odpověď komu|Odpovědět komu",
           "other": "Důležitost|Přílohy|Příloha"},
    "sk": {"from": "Od|Odosielateľ", "to": "Komu|Pre|Príjemca", "cc": "Kópia|Cc|Kopia", "bcc": "Skrytá kópia|Bcc",
           "date": "Dátum|Odoslané|Poslané", "subject": "Predmet", "reply_to": "Odpovedať-Pre|Odpovedať komu|Odpoveď pre", "other": "Dôležitosť|Prílohy"},
    "da": {"from": "Fra|Afsender", "to": "Til|Modtager", "cc": "Cc|Kopi|Kopi til", "bcc": "Bcc", "date": "Dato|Sendt|Afsendt", "subject": "Emne",
           "reply_to": "Svar til|Besvar til", "other": "Prioritet|Vedhæftede filer|Vedhæftet"},
    "no": {"from": "Fra|Avsender", "to": "Til|Mottaker", "cc": "Kopi|Cc|Kopi til", "bcc": "Blindkopi|Bcc", "date": "Dato|Sendt",
           "subject": "Emne", "reply_to": "Svar til|Svar-til", "other": "Prioritet|Vedlegg|Viktighet"},
    "sv": {"from": "Från|Avsändare", "to": "Till|Mottagare", "cc": "Kopia|Cc|Kopia till", "bcc": "Bcc|Hemlig kopia", "date": "Datum|Skickat|Skickades|Skickad",
           "subject": "Ämne", "reply_to": "Svara till|Svar till", "other": "Prioritet|Bifogade filer|Bilagor"},
    "fi": {"from": "Lähettäjä", "to": "Vastaanottaja|Vastaanottajat", "cc": "Kopio|Cc|Kopio (CC)", "bcc": "Piilokopio|Bcc",
           "date": "Päivämäärä|Lähetetty|Päiväys|Pvm", "subject": "Aihe|Otsikko", "reply_to": "Vastaus|Vastausosoite", "other": "Tärkeys|Liitteet"},
    "et": {"from": "Saatja|Kellelt", "to": "Saaja|Kellele|Adressaat", "cc": "Koopia|Cc", "bcc": "Pimekoopia|Bcc", "date": "Kuupäev|Saadetud|Saatmisaeg",
           "subject": "Teema|Pealkiri", "reply_to": "Vasta|Vastus", "other": "Manused"},
    "lv": {"from": "No|Sūtītājs", "to": "Kam|Saņēmējs", "cc": "Kopija|Cc", "date": "Datums|Nosūtīts|Sūtīts", "subject": "Temats|Tēma", "reply_to": "Atbildēt"},
    "lt": {"from": "Nuo|Siuntėjas", "to": "Kam|Gavėjas", "cc": "Kopija|Cc", "date": "Data|Išsiųsta", "subject": "Tema", "reply_to": "Atsakyti"},
    "hu": {"from": "Feladó|Küldő", "to": "Címzett|Címzettek", "cc": "Másolat|Másolatot kap|Másolatot kapja|Másolatok|Másolatot kapnak|Másolatot|Másolatok kap|Másolatot kapott|Cc",
           "bcc": "Titkos másolat", "date": "Dátum|Elküldve|Küldés dátuma|Küldve|Küldés időpontja", "subject": "Tárgy", "reply_to": "Válaszcím|Válasz",
           "other": "Fontosság|Mellékletek"},
    "hr": {"from": "Šalje|Od|Pošiljatelj|Prosljeđuje", "to": "Prima|Za|Primatelj", "cc": "Cc|Kopija|CC", "bcc": "Bcc", "date": "Datum|Poslano",
           "subject": "Predmet|Naslov", "reply_to": "Odgovori na|Odgovor na", "other": "Važnost|Privici"},
    "sl": {"from": "Od|Pošiljatelj", "to": "Za|Prejemnik", "cc": "Kp|Cc|Kopija", "date": "Datum|Poslano", "subject": "Zadeva", "reply_to": "Odgovori na"},
    "sr": {"from": "Od|Од|Šalje|Шаље|Pošiljalac", "to": "Za|За|Prima|Прима|Kome", "cc": "Cc|Kopija|Копија", "date": "Datum|Датум|Poslato|Послато", "subject": "Naslov|Наслов|Predmet|Тема"},
    "ro": {"from": "De la|Expeditorul|Expeditor|De", "to": "Către|Destinatarul|Destinatar|Catre|La", "cc": "Cc|CC|Copie", "bcc": "Bcc", "date": "Dată|Data|Trimis|Trimis la|Trimisă",
           "subject": "Subiect|Subiectul", "reply_to": "Răspuns către|Răspunde la|Răspunde către", "other": "Importanță|Atașamente"},
    "bg": {"from": "От|Подател", "to": "До|Получател", "cc": "Копие|Cc", "date": "Дата|Изпратено", "subject": "Относно|Тема", "reply_to": "Отговор до"},
    "ru": {"from": "От|Отправитель|От кого", "to": "Кому|Получатель", "cc": "Копия|Cc|Копии", "bcc": "Скрытая копия", "date": "Дата|Отправлено|Дата отправки|Дата и время",
           "subject": "Тема", "reply_to": "Ответ-Кому|Ответить|Обратный адрес", "other": "Важность|Вложения|Приоритет"},
    "uk": {"from": "Від|Від кого|Відправник", "to": "Кому|До|Одержувач", "cc": "Копія|Cc", "bcc": "Прихована копія", "date": "Дата|Відправлено|Надіслано",
           "subject": "Тема|Тема листа", "reply_to": "Кому відповісти|Відповідь", "other": "Вкладення"},
    "el": {"from": "Από|Αποστολέας", "to": "Προς|Παραλήπτης", "cc": "Κοιν.|Κοινοποίηση|Κοιν|Cc", "date": "Ημερομηνία|Στάλθηκε|Εστάλη|Ημ/νία", "subject": "Θέμα", "reply_to": "Απάντηση σε"},
    "tr": {"from": "Kimden|Gönderen|Gönderici", "to": "Kime|Alıcı", "cc": "Bilgi|Cc|Kopya", "bcc": "Gizli|Bcc", "date": "Tarih|Gönderilen|Gönderildi|Gönderme Tarihi|Gönderim Zamanı|Gönderilme",
           "subject": "Konu", "reply_to": "Yanıt Adresi|Yanıtla", "other": "Önem|Ekler"},
    "ca": {"from": "De|Remitent", "to": "Per a|A|Per", "cc": "Cc|Còpia", "date": "Data|Enviat|Enviat el", "subject": "Assumpte|Tema"},
    "id": {"from": "Dari", "to": "Kepada|Ke", "cc": "Cc", "date": "Tanggal|Dikirim", "subject": "Perihal|Subjek|Hal"},
    "vi": {"from": "Từ|Người gửi", "to": "Đến|Tới|Người nhận", "cc": "Cc|Đồng kính gửi", "date": "Ngày|Đã gửi|Gửi", "subject": "Chủ đề|Tiêu đề"},
    "ja": {"from": "差出人|送信元|送信者|From", "to": "宛先|送信先|To|受信者", "cc": "CC|Cc|ＣＣ|写し", "bcc": "BCC", "date": "日付|送信日時|日時|送信日|送信済み|Date",
           "subject": "件名|題名|Subject", "reply_to": "返信先", "other": "重要度|添付ファイル"},
    "zh": {"from": "发件人|寄件者|寄件人|發件人|发送人", "to": "收件人|收件者", "cc": "抄送|副本|Cc", "bcc": "密送|密件副本", "date": "日期|发送时间|时间|寄件日期|傳送時間|發送時間|发送日期|传送日期|寄件時間",
           "subject": "主题|主旨|主題", "reply_to": "回复|回覆", "other": "重要性|附件"},
    "ko": {"from": "보낸 사람|보낸사람|발신", "to": "받는 사람|받는사람|수신", "cc": "참조|Cc", "bcc": "숨은 참조", "date": "날짜|보낸 날짜|보낸날짜|보낸 시간|발송일", "subject": "제목"},
    "he": {"from": "מאת", "to": "אל|לכבוד", "cc": "עותק|העתק", "date": "תאריך|נשלח", "subject": "נושא"},
    "ar": {"from": "من", "to": "إلى|الى", "cc": "نسخة|نسخة إلى", "date": "التاريخ|تاريخ|تم الإرسال", "subject": "الموضوع|موضوع"},
}
