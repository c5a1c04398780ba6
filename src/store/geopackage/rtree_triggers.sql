-- Keep the spatial index right when somebody edits the layer in QGIS (annex F.3). {table}, {rtree}
-- and the trigger names are put in quoted; ST_… come from the program that edits.
CREATE TRIGGER {insert} AFTER INSERT ON {table}
WHEN (NEW."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN
  INSERT OR REPLACE INTO {rtree} VALUES (NEW."fid",
    ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom"));
END;
CREATE TRIGGER {update1} AFTER UPDATE OF "geom" ON {table}
WHEN OLD."fid" = NEW."fid" AND (NEW."geom" NOTNULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN
  INSERT OR REPLACE INTO {rtree} VALUES (NEW."fid",
    ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom"));
END;
CREATE TRIGGER {update2} AFTER UPDATE OF "geom" ON {table}
WHEN OLD."fid" = NEW."fid" AND (NEW."geom" ISNULL OR ST_IsEmpty(NEW."geom")) BEGIN
  DELETE FROM {rtree} WHERE id = OLD."fid";
END;
CREATE TRIGGER {update3} AFTER UPDATE ON {table}
WHEN OLD."fid" != NEW."fid" AND (NEW."geom" NOTNULL AND NOT ST_IsEmpty(NEW."geom")) BEGIN
  DELETE FROM {rtree} WHERE id = OLD."fid";
  INSERT OR REPLACE INTO {rtree} VALUES (NEW."fid",
    ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"), ST_MinY(NEW."geom"), ST_MaxY(NEW."geom"));
END;
CREATE TRIGGER {update4} AFTER UPDATE ON {table}
WHEN OLD."fid" != NEW."fid" AND (NEW."geom" ISNULL OR ST_IsEmpty(NEW."geom")) BEGIN
  DELETE FROM {rtree} WHERE id IN (OLD."fid", NEW."fid");
END;
CREATE TRIGGER {delete} AFTER DELETE ON {table} WHEN OLD."geom" NOT NULL BEGIN
  DELETE FROM {rtree} WHERE id = OLD."fid";
END;
