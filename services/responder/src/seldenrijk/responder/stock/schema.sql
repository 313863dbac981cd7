-- The dealer's stock in PostgreSQL. Each "-- version N" part is applied once, in order, in its own
-- transaction, and recorded in stock_schema_version. A part that was released is never edited.

-- version 1: the cars
CREATE TABLE IF NOT EXISTS stock_cars (
    id            text PRIMARY KEY CHECK (length(id) BETWEEN 1 AND 64),
    make          text NOT NULL,
    model         text NOT NULL,
    version       text,
    year          integer NOT NULL CHECK (year BETWEEN 1950 AND 2100),
    mileage       integer NOT NULL CHECK (mileage >= 0),           -- km
    price         integer NOT NULL CHECK (price > 0),              -- whole euros, VAT included
    fuel_type     text NOT NULL,
    transmission  text NOT NULL,
    body_type     text,
    color         text,
    seats         smallint CHECK (seats BETWEEN 1 AND 9),
    doors         smallint CHECK (doors BETWEEN 2 AND 5),
    features      text[] NOT NULL DEFAULT '{}',
    monthly       integer CHECK (monthly > 0),                     -- euros a month
    license_plate text,
    url           text,
    status        text NOT NULL DEFAULT 'available' CHECK (status IN ('available', 'reserved', 'sold', 'withdrawn')),
    updated_at    timestamptz NOT NULL DEFAULT now()
);

-- version 2: a change stamps itself, and status is quick to select by
CREATE INDEX IF NOT EXISTS stock_cars_status ON stock_cars (status);

CREATE OR REPLACE FUNCTION stock_cars_touch() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.updated_at := now();
    RETURN NEW;
END
$$;

DROP TRIGGER IF EXISTS stock_cars_touch ON stock_cars;
CREATE TRIGGER stock_cars_touch BEFORE UPDATE ON stock_cars
    FOR EACH ROW EXECUTE FUNCTION stock_cars_touch();
