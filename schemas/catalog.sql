-- The catalogue of an empty store, written by a test from the migrations and compared with them
-- byte for byte. Moments are in seconds since 1970, in universal time.

PRAGMA application_id = 1399416659;

CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);

CREATE TABLE store (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  identity TEXT NOT NULL,       -- a random name, so that merged stores can tell each other apart
  readerFlags INTEGER NOT NULL, -- features that a reader must know
  writerFlags INTEGER NOT NULL, -- features that a writer must know
  created REAL NOT NULL         -- seconds since 1970, as in every column of this name
) STRICT;

CREATE TABLE object (
  hash TEXT PRIMARY KEY CHECK (length(hash) = 64 AND hash NOT GLOB '*[^0-9a-f]*'),
  kind TEXT NOT NULL CHECK (kind IN ('shard', 'view', 'split', 'model', 'checkpoint')),
  extension TEXT NOT NULL CHECK (extension IN ('h5', 'safetensors')),
  sizeInBytes INTEGER NOT NULL CHECK (sizeInBytes > 0),
  created REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE source (
  hash TEXT PRIMARY KEY CHECK (length(hash) = 64 AND hash NOT GLOB '*[^0-9a-f]*'),
  sizeInBytes INTEGER NOT NULL CHECK (sizeInBytes >= 0)
) STRICT, WITHOUT ROWID;

CREATE TABLE channelSet (
  hash TEXT PRIMARY KEY CHECK (length(hash) = 64 AND hash NOT GLOB '*[^0-9a-f]*'),
  channels TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE vocabulary (
  hash TEXT PRIMARY KEY CHECK (length(hash) = 64 AND hash NOT GLOB '*[^0-9a-f]*'),
  terms TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE recording (
  id INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64 AND hash NOT GLOB '*[^0-9a-f]*'),  -- identity: everything below and the shards
  contentHash TEXT NOT NULL,            -- the readings and labels alone
  name TEXT NOT NULL,
  place TEXT NOT NULL,                  -- inside the source; '' where the file is the recording
  subject TEXT,                         -- NULL: the source names none
  session TEXT,                         -- NULL: the source names none
  isSimulated INTEGER NOT NULL CHECK (isSimulated IN (0, 1)),
  rateInHertz REAL NOT NULL CHECK (rateInHertz > 0),
  startTimeInSeconds REAL NOT NULL,
  sampleCount INTEGER NOT NULL CHECK (sampleCount > 0),
  valueType TEXT NOT NULL CHECK (valueType IN ('float32', 'float64')),
  sourceName TEXT NOT NULL,
  sourceHash TEXT NOT NULL REFERENCES source (hash),
  channelSetHash TEXT NOT NULL REFERENCES channelSet (hash),
  statistics TEXT NOT NULL
) STRICT;

CREATE INDEX recordingBySource ON recording (sourceHash);

CREATE INDEX recordingByContent ON recording (contentHash);

CREATE TABLE recordingLabel (
  recordingID INTEGER NOT NULL REFERENCES recording (id),
  track TEXT NOT NULL,
  vocabularyHash TEXT NOT NULL REFERENCES vocabulary (hash),
  counts TEXT NOT NULL,  -- readings by code
  PRIMARY KEY (recordingID, track)
) STRICT, WITHOUT ROWID;

CREATE TABLE segment (
  recordingID INTEGER NOT NULL REFERENCES recording (id),
  position INTEGER NOT NULL,
  objectHash TEXT NOT NULL REFERENCES object (hash),
  place TEXT NOT NULL,             -- the HDF5 group inside the shard
  firstSample INTEGER NOT NULL,
  sampleCount INTEGER NOT NULL CHECK (sampleCount > 0),
  valueOffset INTEGER,             -- of contiguous values in the shard; NULL: chunked
  PRIMARY KEY (recordingID, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX segmentByObject ON segment (objectHash);

CREATE TABLE dataset (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  kind TEXT NOT NULL,
  lineage TEXT NOT NULL UNIQUE,         -- random: a dataset made anew under an old name differs
  lastVersionNumber INTEGER NOT NULL,   -- never falls, so that no number is used twice
  created REAL NOT NULL
) STRICT;

CREATE TABLE version (
  id INTEGER PRIMARY KEY,
  datasetID INTEGER NOT NULL REFERENCES dataset (id),
  number INTEGER NOT NULL CHECK (number > 0),
  hash TEXT NOT NULL CHECK (length(hash) = 64 AND hash NOT GLOB '*[^0-9a-f]*'),
  shardRoot TEXT NOT NULL,              -- SHA-256 over the hashes of all shards
  parentID INTEGER REFERENCES version (id),  -- NULL: the first version
  because TEXT NOT NULL,
  recordingCount INTEGER NOT NULL,
  sampleCount INTEGER NOT NULL,
  sizeInBytes INTEGER NOT NULL,
  ingestion TEXT NOT NULL,  -- reader, settings, what was skipped
  created REAL NOT NULL,
  UNIQUE (datasetID, number)
) STRICT;

CREATE TABLE versionRecording (
  versionID INTEGER NOT NULL REFERENCES version (id),
  position INTEGER NOT NULL,
  recordingID INTEGER NOT NULL REFERENCES recording (id),
  PRIMARY KEY (versionID, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX versionByRecording ON versionRecording (recordingID);

CREATE TABLE tag (
  datasetID INTEGER NOT NULL REFERENCES dataset (id),
  name TEXT NOT NULL,
  versionID INTEGER NOT NULL REFERENCES version (id),
  created REAL NOT NULL,
  PRIMARY KEY (datasetID, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE view (
  id INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64 AND hash NOT GLOB '*[^0-9a-f]*'),  -- of dataset version, framing and code
  versionID INTEGER NOT NULL REFERENCES version (id),
  framing TEXT NOT NULL,
  codeVersion INTEGER NOT NULL,
  objectHash TEXT NOT NULL REFERENCES object (hash),
  exampleCount INTEGER NOT NULL,
  summary TEXT NOT NULL,
  created REAL NOT NULL
) STRICT;

CREATE INDEX viewByVersion ON view (versionID);

CREATE TABLE viewName (
  name TEXT PRIMARY KEY,                -- movable, like a tag
  viewID INTEGER NOT NULL REFERENCES view (id),
  created REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE split (
  id INTEGER PRIMARY KEY,
  hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64 AND hash NOT GLOB '*[^0-9a-f]*'),  -- of view, rule and parts
  viewID INTEGER NOT NULL REFERENCES view (id),
  rule TEXT NOT NULL,
  objectHash TEXT NOT NULL REFERENCES object (hash),
  counts TEXT NOT NULL,
  certificate TEXT NOT NULL,
  created REAL NOT NULL
) STRICT;

CREATE INDEX splitByView ON split (viewID);

CREATE TABLE splitName (
  name TEXT PRIMARY KEY,                -- movable, like a tag
  splitID INTEGER NOT NULL REFERENCES split (id),
  created REAL NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE run (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  identity TEXT NOT NULL UNIQUE,  -- random, so that runs of merged stores stay apart
  hash TEXT,                      -- of manifest, model and metrics; NULL: not finished
  study TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('running', 'finished', 'failed', 'interrupted')),
  versionID INTEGER NOT NULL REFERENCES version (id),
  splitID INTEGER NOT NULL REFERENCES split (id),
  viewName TEXT NOT NULL,         -- as it was called when the run began
  splitName TEXT NOT NULL,        -- as it was called when the run began
  seed TEXT NOT NULL,             -- decimal: SQLite integers are signed
  manifest TEXT NOT NULL,
  modelHash TEXT REFERENCES object (hash),  -- NULL: none yet
  message TEXT,                   -- why it failed; NULL: it did not
  started REAL NOT NULL,
  finished REAL,                  -- NULL: not finished
  seconds REAL NOT NULL,          -- spent training, over all sittings of a resumed run
  stepCount INTEGER NOT NULL,
  CHECK ((status = 'finished') = (hash IS NOT NULL))
) STRICT;

CREATE INDEX runByVersion ON run (versionID);

CREATE INDEX runBySplit ON run (splitID);

CREATE INDEX runByStudy ON run (study);

CREATE TABLE setting (
  runID INTEGER NOT NULL REFERENCES run (id),
  name TEXT NOT NULL,
  value TEXT NOT NULL,
  number REAL,                    -- the value as a number; NULL: it is none
  PRIMARY KEY (runID, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX settingByValue ON setting (name, value);

CREATE TABLE metric (
  runID INTEGER NOT NULL REFERENCES run (id),
  name TEXT NOT NULL,
  last REAL NOT NULL,
  lastStep INTEGER NOT NULL,
  minimum REAL NOT NULL,
  minimumStep INTEGER NOT NULL,
  maximum REAL NOT NULL,
  maximumStep INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (runID, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX metricByValue ON metric (name, last);

CREATE TABLE metricPoints (
  runID INTEGER NOT NULL REFERENCES run (id),
  name TEXT NOT NULL,
  firstStep INTEGER NOT NULL,
  points BLOB NOT NULL,           -- (step, value) pairs: Int64 and Float64, little-endian
  PRIMARY KEY (runID, name, firstStep)
) STRICT, WITHOUT ROWID;

CREATE TABLE runDocument (
  runID INTEGER NOT NULL REFERENCES run (id),
  name TEXT NOT NULL,
  content TEXT NOT NULL,
  PRIMARY KEY (runID, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoint (
  runID INTEGER PRIMARY KEY REFERENCES run (id),  -- the newest one of a run
  objectHash TEXT NOT NULL REFERENCES object (hash),
  epoch INTEGER NOT NULL,
  created REAL NOT NULL
) STRICT;

CREATE VIEW versions AS
  SELECT dataset.name AS dataset, dataset.kind AS kind, version.number AS version,
    version.hash AS versionHash, version.recordingCount AS recordings,
    version.sampleCount AS samples, version.sizeInBytes AS bytes, version.because AS because,
    version.created AS created
  FROM version JOIN dataset ON dataset.id = version.datasetID;

CREATE VIEW runs AS
  SELECT run.id AS run, run.hash AS runHash, run.study AS study, run.status AS status,
    dataset.name AS dataset, version.number AS version, version.hash AS versionHash,
    run.viewName AS view, run.splitName AS split, split.hash AS splitHash, run.seed AS seed,
    run.started AS started, run.finished AS finished, run.seconds AS seconds,
    run.stepCount AS steps
  FROM run
    JOIN version ON version.id = run.versionID
    JOIN dataset ON dataset.id = version.datasetID
    JOIN split ON split.id = run.splitID;

CREATE VIEW metrics AS
  SELECT runID AS run, name, last, lastStep, minimum, minimumStep, maximum, maximumStep, count
  FROM metric;

CREATE VIEW settings AS
  SELECT runID AS run, name, value, number FROM setting;

CREATE VIEW recordings AS
  SELECT dataset.name AS dataset, version.number AS version, recording.name AS recording,
    recording.subject AS subject, recording.session AS session,
    recording.sampleCount AS samples, recording.rateInHertz AS rate,
    recording.sourceName AS source, recording.sourceHash AS sourceHash,
    recording.contentHash AS contentHash
  FROM versionRecording
    JOIN version ON version.id = versionRecording.versionID
    JOIN dataset ON dataset.id = version.datasetID
    JOIN recording ON recording.id = versionRecording.recordingID;

INSERT INTO grdb_migrations VALUES ('1 datasets, views, splits and runs');
