"""The words of disclaimers that firms and scanners put below mail, per language: data only, folded to lower case.

OPENINGS begin a paragraph of one; of CERTAIN at least one stands in it. Both are needed: "this message is for Anna" is
no disclaimer.
"""

from __future__ import annotations

OPENINGS: dict[str, str] = {
    "en": "this e-mail|this email|this message|this communication|this transmission|this electronic|the information contained in this|the information in this|"
          "the information transmitted|the contents of this|the content of this|confidentiality|disclaimer|notice:|important notice|important:|privileged|confidential|"
          "if you are not the intended|please consider the environment|consider the environment|think before you print|please think|before printing|"
          "virus-free|legal notice|legal disclaimer|any views or opinions|email confidentiality|internet communications|scanned by|checked by",
    "de": "diese e-mail|diese email|diese mail|diese nachricht|dieses e-mail|der inhalt dieser|die information in dieser|die informationen in dieser|die in dieser|vertraulichkeit|"
          "haftungsausschluss|rechtlicher hinweis|wichtiger hinweis|hinweis:|bitte denken sie|denken sie an|bitte prüfen sie|virenfrei|der austausch von|sollten sie nicht der|falls sie nicht der|"
          "wenn sie nicht der|diese übertragung|bitte beachten sie",
    "fr": "ce message|ce courriel|ce mail|cet e-mail|cet email|cette communication|les informations contenues|l'information contenue|avis de confidentialité|avertissement|confidentialité|"
          "pensez à l'environnement|pensez environnement|avant d'imprimer|l'intégrité de ce|sans virus|le contenu de ce|si vous n'êtes pas le destinataire|le présent message|afin de respecter",
    "es": "este mensaje|este correo|este e-mail|este email|la información contenida|la información incluida|el contenido de este|aviso legal|aviso de confidencialidad|nota de confidencialidad|"
          "antes de imprimir|de conformidad con|en cumplimiento|libre de virus|confidencialidad|cláusula|si usted no es el|advertencia",
    "it": "questo messaggio|questa e-mail|questa email|questa mail|le informazioni|ai sensi|avviso di riservatezza|informativa|rispetta l'ambiente|prima di stampare|il presente messaggio|"
          "la presente e-mail|il contenuto di|nota di riservatezza|priva di virus|avvertenze|pensa all'ambiente|riservatezza",
    "nl": "dit bericht|deze e-mail|deze email|dit e-mailbericht|dit e-mail|de informatie|aan dit bericht|denk aan het milieu|de inhoud van|virusvrij|vertrouwelijkheid|indien u niet de",
    "pt": "esta mensagem|este e-mail|este email|as informações contidas|a informação contida|aviso legal|aviso de confidencialidade|antes de imprimir|livre de vírus|o conteúdo desta|se você não é o",
    "pl": "niniejsza wiadomość|niniejszy e-mail|treść tej|ta wiadomość|informacje zawarte|wiadomość ta|klauzula|pomyśl o środowisku|wolny od wirusów|treść niniejszej|jeżeli nie jest",
    "da": "denne e-mail|denne mail|denne meddelelse|oplysningerne i|informationen i denne", "no": "denne e-post|denne meldingen|denne e-posten|informasjonen i denne",
    "sv": "detta meddelande|detta mail|detta e-post|denna e-post|informationen i detta|det här meddelandet|det här e-post", "fi": "tämä viesti|tämä sähköposti|tämän viestin",
    "cs": "tato zpráva|tento e-mail|tento email|obsah této|obsah tohoto|informace obsažené", "sk": "táto správa|tento e-mail|obsah tejto|informácie obsiahnuté",
    "hu": "ez az e-mail|ez az üzenet|jelen üzenet|a jelen|jelen e-mail", "ro": "acest mesaj|acest e-mail|informațiile conținute|informaţiile conţinute",
    "ru": "это сообщение|данное сообщение|настоящее сообщение|информация, содержащаяся|это письмо|данное письмо|это электронное", "uk": "це повідомлення|цей лист|інформація, що міститься",
    "tr": "bu e-posta|bu mesaj|bu ileti|bu elektronik",
}

CERTAIN = (
    "confidential|intended recipient|intended solely|intended only|privileged|virus|disclos|environment|unauthori|vertraulich|unbefugt|adressat|umwelt|"
    "confidenti|destinataire|environnement|confidencial|destinatari|medio ambiente|riservat|ambiente|vertrouwelijk|geadresseerde|bestemd voor|milieu|poufn|adresat|środowisk|"
    "fortrolig|konfidentiel|konfidensiell|konfidentiell|avsedd|luottamuks|důvěrn|dôvern|bizalmas|címzett|confidenţial|confidențial|конфиденциальн|конфіденційн|gizli|"
    "privacy|gdpr|datenschutz|rechtlich geschützt|rechtsverbindlich|legally binding|vírus|antivirus|2016/679|196/2003"
)
