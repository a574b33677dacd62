/** What people call the columns of their tables, in several languages. Words are in lower case, the likelier first. */

const list = (words: string): string[] => words.split(/\s+/);

export const keyWords = list(`key id uid uuid guid scan image img filename file path sample specimen record accession
  instance slide index bild datei probe schlüssel kennung aufnahme fichier image échantillon identifiant clé archivo imagen
  muestra clave identificador campione chiave immagine amostra bestand 编号 样本 番号 画像 номер код снимок`);

/** The coarser unit first: what is of one patient goes together, whichever visit it is of. */
export const groupWords =
  list(`group patient patientin pat subject participant proband person individual donor animal mouse
  family household customer client user speaker author writer video clip scene cluster session visit house site probandin
  gruppe kunde sujet participante paciente sujeto paziente soggetto gruppo groupe grupo patiënt potilas 患者 病人 被験者
  пациент группа`);

export const labelWords = list(`label target class diagnosis outcome category species disease pathology finding survived
  readmitted churn response y diagnose befund klasse ergebnis etikett zielwert étiquette diagnostic classe maladie diagnóstico
  diagnostico clase etiqueta categoría categoria diagnosi esito ziekte kategorie 标签 诊断 类别 診断 ラベル диагноз класс`);

export const timeWords =
  list(`time timestamp datetime date day acquired recorded taken created measured visited when year month
  datum zeit zeitpunkt zeitstempel uhrzeit tag jahr horodatage heure jour année fecha hora día año data ora giorno anno
  tijd dato 日期 时间 日付 дата время год`);

export const splitWords = list(`split subset partition fold set aufteilung teilmenge découpage partición 划分`);
export const sealedWords = list("sealed hidden versiegelt scellé sellado");

/** A birthday is a fact of a person, not when a sample was taken. */
export const birthWords = list(`birth birthday dob born geburt geburtsdatum geburtstag naissance nacimiento nascita 出生
  рождения`);

/** What names or reaches a person: no model should learn from it, and no server needs it. */
const personWords =
  list(`name firstname lastname surname forename fullname initials email mail phone telephone mobile address
  street ssn passport vorname nachname patientenname telefon adresse strasse straße prénom nom téléphone courriel nombre
  apellido apellidos teléfono correo dirección nome cognome indirizzo 姓名 电话 地址 氏名 имя фамилия телефон адрес`);
/** Words that stand beside them: `drug name` is of no person. */
const besidePerson = list(
  "patient subject participant person first last full given middle family home work number of e",
);

/** Whether a name is that of a column that names or reaches a person. */
export function isOfPerson(name: string): boolean {
  const said = wordsIn(name);
  return (
    said.some((word) => personWords.includes(word)) &&
    said.every((word) => [...personWords, ...besidePerson].includes(word))
  );
}

/** A name's words: `scan_id`, `ScanID` and `scan id` are `scan` and `id`. */
export const wordsIn = (name: string): string[] =>
  name
    .normalize("NFC")
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, "$1 $2")
    .toLowerCase()
    .split(/[^\p{L}]+/u)
    .filter((word) => word !== "");

const COMPOUND_MIN = 5;
const isLatin = (word: string): boolean => /^[\p{Script=Latin}]+$/u.test(word);

/**
 * The place of the first of `words` that a name says, -1 if none. Languages that write compounds have it at a word's
 * beginning or end (`Aufnahmedatum`, `Patientennummer`); those without blanks anywhere.
 */
export function placeIn(words: readonly string[], name: string): number {
  const said = wordsIn(name);
  return words.findIndex((word) =>
    said.some((one) => {
      if (one === word || one === `${word}s`) return true;
      if (!isLatin(word)) return one.includes(word);
      return word.length >= COMPOUND_MIN && (one.startsWith(word) || one.endsWith(word));
    }),
  );
}
