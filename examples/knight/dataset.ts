import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cutSplits, kFold } from 'foldlab';

/** Patients before kidney surgery. */
export interface PatientSet {
  readonly length: number;
  /** "case_00000" … */
  readonly ids: readonly string[];
  /** Task 1: whether adjuvant therapy is an option (AUA risk group high or very high), 0 or 1. */
  readonly labels: Uint8Array;
  /** `length × 11` numbers, named by {@link FEATURES}; not yet scaled. */
  readonly features: Float64Array;
  /** The folder of the images, for `readVolume(images, id)`; absent where there is none. */
  readonly images?: string;
}

export interface DatasetParams {
  /** Which of the five published splits holds the test set. Default 0. */
  readonly split?: number;
  /** Where `knight.json` is. Default: downloaded into the cache directory. */
  readonly table?: string;
  /** The folder of the images. It is passed on, and nothing in it is read here. */
  readonly images?: string;
}

/** The reference example's eleven clinical numbers, all known before surgery. */
export const FEATURES = [
  'age',
  'body mass index',
  'tumour size (cm)',
  'kidney function (eGFR)',
  'male',
  'not male',
  'no comorbidity',
  'some comorbidity',
  'never smoked',
  'smoked',
  'smokes',
] as const;

const TABLE_URL = 'https://raw.githubusercontent.com/neheller/KNIGHT/main/knight/data/knight.json';
const TABLE_SHA256 = 'ad0ae394904d5c1a0cb0d4f8c78ce1ca215a471db72688a6adeac860ab9cfaf3';
/** What the five published splits were cut with. */
const SPLIT_SEED = 12345;
/** Medians that stand for what was not measured. */
const TYPICAL_EGFR = 77;
const TYPICAL_SIZE = 4.1;

/** The patients of the KNIGHT challenge: 60 as the test set, 240 to develop on. */
export async function datasetFunc(cacheDir: string, params: DatasetParams = {}) {
  const patients = await readTable(cacheDir, params.table);
  const [splits] = cutSplits(kFold({ numFolds: 5, seed: SPLIT_SEED }), { n: patients.length }).repetitions;
  const { train, validation } = splits[params.split ?? 0];
  const images = params.images === undefined ? {} : { images: params.images };
  return {
    train: { ...choose(patients, train), ...images },
    test: { ...choose(patients, validation), ...images },
  };
}

interface Patient {
  readonly case_id: string;
  readonly age_at_nephrectomy: number;
  readonly body_mass_index: number;
  readonly gender: string;
  readonly comorbidities: Record<string, boolean>;
  readonly smoking_history: 'never_smoked' | 'previous_smoker' | 'current_smoker';
  readonly radiographic_size: number | null;
  readonly last_preop_egfr: { readonly value: number | string | null } | null;
  readonly aua_risk_group: string;
}

/** The table in the order of the cases, read from a file or downloaded once. */
async function readTable(cacheDir: string, path = join(cacheDir, 'knight.json')): Promise<Patient[]> {
  if (!existsSync(path)) await download(path);
  const bytes = readFileSync(path);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== TABLE_SHA256) {
    throw new Error(
      `Cannot use ${path}: it must be the KNIGHT table with sha256 ${TABLE_SHA256}; found ${found}, delete it to download it again`,
    );
  }
  const patients = JSON.parse(bytes.toString('utf8')) as Patient[];
  return patients.sort((a, b) => (a.case_id < b.case_id ? -1 : 1));
}

async function download(path: string): Promise<void> {
  const answer = await fetch(TABLE_URL).catch((cause: unknown) => {
    throw new Error(`Cannot download ${TABLE_URL}; put the file at ${path}, or give datasetParams.table`, {
      cause,
    });
  });
  if (!answer.ok) throw new Error(`Cannot download ${TABLE_URL}: the server answered ${answer.status}`);
  mkdirSync(join(path, '..'), { recursive: true });
  // renamed when complete: a download that breaks off leaves nothing
  const unfinished = `${path}.${process.pid}`;
  writeFileSync(unfinished, Buffer.from(await answer.arrayBuffer()));
  renameSync(unfinished, path);
}

function choose(patients: readonly Patient[], rows: readonly number[]): PatientSet {
  const chosen = rows.map((row) => patients[row]);
  return {
    length: chosen.length,
    ids: chosen.map((patient) => patient.case_id),
    labels: Uint8Array.from(chosen, ({ aua_risk_group: risk }) => Number(/^(very_)?high_risk$/.test(risk))),
    features: Float64Array.from(chosen.flatMap(numbersOf)),
  };
}

function numbersOf(patient: Patient): number[] {
  const male = patient.gender === 'male';
  const ill = Object.values(patient.comorbidities).some(Boolean);
  const smoking = patient.smoking_history;
  return [
    patient.age_at_nephrectomy,
    patient.body_mass_index,
    patient.radiographic_size ?? TYPICAL_SIZE,
    kidneyFunction(patient.last_preop_egfr?.value ?? null),
    Number(male),
    Number(!male),
    Number(!ill),
    Number(ill),
    Number(smoking === 'never_smoked'),
    Number(smoking === 'previous_smoker'),
    Number(smoking === 'current_smoker'),
  ];
}

/** Laboratories report 90 and more as ">=90". */
function kidneyFunction(value: number | string | null): number {
  if (value === null) return TYPICAL_EGFR;
  return typeof value === 'string' && value.startsWith('>') ? 90 : Number(value);
}
