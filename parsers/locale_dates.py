"""Words of dates per language: data only. Twelve entries per language, forms separated by `|`, folded to lower case.

Full names, inflected forms and the abbreviations mail programs write (CLDR). A form may mean different months in
different languages (`listopada`): `parsers.dates` then needs the language.
"""

from __future__ import annotations

MONTHS: dict[str, str] = {
    "en": "january|jan february|feb march|mar april|apr may june|jun july|jul august|aug september|sep|sept"
          " october|oct november|nov december|dec",
    "de": "januar|jan|jänner|jän februar|feb|feber märz|mär|mrz|maerz april|apr mai juni|jun juli|jul august|aug"
          " september|sep|sept oktober|okt november|nov dezember|dez",
    "fr": "janvier|janv|jan février|fevrier|févr|fév|fevr mars|mar avril|avr mai juin|jun juillet|juil août|aout"
          " septembre|sept|sep octobre|oct novembre|nov décembre|decembre|déc|dec",
    "es": "enero|ene febrero|feb marzo|mar abril|abr mayo|may junio|jun julio|jul agosto|ago"
          " septiembre|sept|sep|setiembre|set octubre|oct noviembre|nov diciembre|dic",
    "it": "gennaio|gen febbraio|feb marzo|mar aprile|apr maggio|mag giugno|giu luglio|lug agosto|ago settembre|set|sett"
          " ottobre|ott novembre|nov dicembre|dic",
    "nl": "januari|jan februari|feb|febr maart|mrt april|apr mei juni|jun juli|jul augustus|aug september|sep|sept"
          " oktober|okt november|nov december|dec",
    "pt": "janeiro|jan fevereiro|fev março|marco|mar abril|abr maio|mai junho|jun julho|jul agosto|ago setembro|set"
          " outubro|out novembro|nov dezembro|dez",
    "pl": "styczeń|stycznia|sty luty|lutego|lut marzec|marca|mar kwiecień|kwietnia|kwi maj|maja czerwiec|czerwca|cze"
          " lipiec|lipca|lip sierpień|sierpnia|sie wrzesień|września|wrz październik|października|paź"
          " listopad|listopada|lis grudzień|grudnia|gru",
    "cs": "leden|ledna|led únor|února|úno březen|března|bře duben|dubna|dub květen|května|kvě červen|června|čvn"
          " červenec|července|čvc srpen|srpna|srp září|zář říjen|října|říj listopad|listopadu|lis prosinec|prosince|pro",
    "sk": "január|januára|jan február|februára|feb marec|marca|mar apríl|apríla|apr máj|mája jún|júna júl|júla"
          " august|augusta|aug september|septembra|sep október|októbra|okt november|novembra|nov december|decembra|dec",
    "da": "januar|jan februar|feb marts|mar april|apr maj juni|jun juli|jul august|aug september|sep|sept oktober|okt"
          " november|nov december|dec",
    "sv": "januari|jan februari|feb mars|mar april|apr maj juni|jun juli|jul augusti|aug september|sep|sept oktober|okt"
          " november|nov december|dec",
    "no": "januar|jan februar|feb mars|mar april|apr mai juni|jun juli|jul august|aug september|sep|sept oktober|okt"
          " november|nov desember|des",
    "fi": "tammikuu|tammikuuta|tammik|tammi helmikuu|helmikuuta|helmik|helmi maaliskuu|maaliskuuta|maalisk|maalis huhtikuu|huhtikuuta|huhtik|huhti toukokuu|toukokuuta|toukok|touko kesäkuu|kesäkuuta|kesäk|kesä heinäkuu|heinäkuuta|heinäk|heinä elokuu|elokuuta|elok|elo syyskuu|syyskuuta|syysk|syys lokakuu|lokakuuta|lokak|loka marraskuu|marraskuuta|marrask|marras joulukuu|joulukuuta|jouluk|joulu",
    "et": "jaanuar|jaan veebruar|veebr märts aprill|apr mai juuni juuli august|aug september|sept oktoober|okt"
          " november|nov detsember|dets",
    "lv": "janvāris|janvārī|janv februāris|februārī|febr marts|martā aprīlis|aprīlī|apr maijs|maijā jūnijs|jūnijā|jūn"
          " jūlijs|jūlijā|jūl augusts|augustā|aug septembris|septembrī|sept oktobris|oktobrī|okt novembris|novembrī|nov"
          " decembris|decembrī|dec",
    "lt": "sausis|sausio vasaris|vasario kovas|kovo balandis|balandžio gegužė|gegužės birželis|birželio liepa|liepos"
          " rugpjūtis|rugpjūčio rugsėjis|rugsėjo spalis|spalio lapkritis|lapkričio gruodis|gruodžio",
    "hu": "január|jan február|febr|feb március|márc|már április|ápr május|máj június|jún július|júl augusztus|aug"
          " szeptember|szept|szep október|okt november|nov december|dec",
    "hr": "siječanj|siječnja|sij veljača|veljače|velj ožujak|ožujka|ožu travanj|travnja|tra svibanj|svibnja|svi"
          " lipanj|lipnja|lip srpanj|srpnja|srp kolovoz|kolovoza|kol rujan|rujna|ruj listopad|listopada|lis"
          " studeni|studenoga|studenog|stu prosinac|prosinca|pro",
    "sl": "januar|januarja|jan februar|februarja|feb marec|marca|mar april|aprila|apr maj|maja junij|junija|jun"
          " julij|julija|jul avgust|avgusta|avg september|septembra|sep oktober|oktobra|okt november|novembra|nov"
          " december|decembra|dec",
    "ro": "ianuarie|ian februarie|feb martie|mar aprilie|apr mai iunie|iun iulie|iul august|aug septembrie|sept|sep"
          " octombrie|oct noiembrie|nov|noi decembrie|dec",
    "bg": "януари|ян февруари|февр март|мар април|апр май юни юли август|авг септември|септ октомври|окт ноември|ноем|ноемв"
          " декември|дек",
    "ru": "январь|января|янв февраль|февраля|февр|фев март|марта|мар апрель|апреля|апр май|мая июнь|июня|июн"
          " июль|июля|июл август|августа|авг сентябрь|сентября|сент|сен октябрь|октября|окт ноябрь|ноября|нояб|ноя"
          " декабрь|декабря|дек",
    "uk": "січень|січня|січ лютий|лютого|лют березень|березня|бер квітень|квітня|квіт травень|травня|трав"
          " червень|червня|черв липень|липня|лип серпень|серпня|серп вересень|вересня|вер жовтень|жовтня|жовт"
          " листопад|листопада|лист грудень|грудня|груд",
    "el": "ιανουάριος|ιανουαρίου|ιαν φεβρουάριος|φεβρουαρίου|φεβ μάρτιος|μαρτίου|μαρ|μάρ απρίλιος|απριλίου|απρ"
          " μάιος|μαΐου|μαϊου|μαΐ ιούνιος|ιουνίου|ιουν ιούλιος|ιουλίου|ιουλ αύγουστος|αυγούστου|αυγ"
          " σεπτέμβριος|σεπτεμβρίου|σεπ οκτώβριος|οκτωβρίου|οκτ νοέμβριος|νοεμβρίου|νοε δεκέμβριος|δεκεμβρίου|δεκ",
    "tr": "ocak|oca şubat|şub mart|mar nisan|nis mayıs|may haziran|haz temmuz|tem ağustos|ağu eylül|eyl ekim|eki"
          " kasım|kas aralık|ara",
    "ca": "gener|gen febrer|febr març abril|abr maig juny juliol|jul agost|ag setembre|set octubre|oct novembre|nov"
          " desembre|des",
    "id": "januari|jan februari|feb maret|mar april|apr mei juni|jun juli|jul agustus|agt|agu september|sep"
          " oktober|okt november|nov desember|des",
}

# Words that mean "after noon" or "before noon" beside a time.
PM = frozenset((
    "pm", "p.m.", "p.m", "nachm", "nachm.", "tarde", "odp", "odp.", "du", "du.", "μ.μ.", "μμ", "öö", "ös", "ip", "ip.", "em",
    "e.m.", "午後", "下午", "오후", "пп", "дп.", "π.μ",
)) - {"öö", "du", "em", "дп.", "π.μ"}
AM = frozenset(("am", "a.m.", "a.m", "vorm", "vorm.", "dop", "dop.", "de.", "π.μ.", "πμ", "öö", "ap.", "f.m.", "午前", "上午", "오전"))

# Zone names that mean one offset wherever mail programs write them; minutes east of Greenwich.
ZONES: dict[str, int] = {
    "utc": 0, "gmt": 0, "ut": 0, "z": 0, "wet": 0, "west": 60, "cet": 60, "cest": 120, "mez": 60, "mesz": 120, "met": 60,
    "mest": 120, "seč": 60, "selč": 120, "hnec": 60, "heec": 120, "eet": 120, "eest": 180, "oez": 120, "oesz": 180,
    "msk": 180, "мск": 180, "trt": 180, "est": -300, "edt": -240, "cdt": -300, "mst": -420, "mdt": -360, "pst": -480,
    "pdt": -420, "akst": -540, "akdt": -480, "hst": -600, "jst": 540, "kst": 540, "aest": 600, "aedt": 660, "acst": 570,
    "awst": 480, "nzst": 720, "nzdt": 780, "brt": -180, "brst": -120, "sast": 120,
}
