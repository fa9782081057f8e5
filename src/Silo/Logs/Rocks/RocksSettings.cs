namespace Interactions.Silo.Logs.Rocks;

/// <summary>How the log uses RocksDB; the names are those of rocksdb/options.h.</summary>
internal static class RocksSettings
{
    /// <summary>
    /// Small buffers, because most services are small: an idle one has one empty write buffer, and a start replays at most two of them.
    /// Sixteen threads, the default, would open the tables of a start. Blocks are not compressed, so that a flipped bit costs a row.
    /// </summary>
    private const string Common =
        "write_buffer_size=8388608;max_write_buffer_number=3;arena_block_size=65536;max_background_jobs=2;max_open_files=-1;"
        + "max_file_opening_threads=1;target_file_size_base=33554432;max_bytes_for_level_base=134217728;compression=kNoCompression;"
        + "block_based_table_factory={block_size=16384;block_cache=4194304;format_version=5};"
        + "stats_dump_period_sec=0;stats_persist_period_sec=0;keep_log_file_num=2;max_log_file_size=1048576;info_log_level=WARN_LEVEL;";

    /// <summary>
    /// Only a write-ahead log that ends within a record is taken for the end of a crash. Whatever else is missing or differs refuses;
    /// what this mode does not see (a last log that ends too early, or a length that points behind the end) the <see cref="DurableMark"/> does.
    /// </summary>
    private const string Strict =
        Common + "wal_recovery_mode=kTolerateCorruptedTailRecords;track_and_verify_wals_in_manifest=true;track_and_verify_wals=true;"
        + "paranoid_checks=true;verify_sst_unique_id_in_manifest=true;force_consistency_checks=true;";

    /// <summary>Leaves out what follows the first damage in a write-ahead log, for when that is known to be nothing.</summary>
    public const string OpenTorn = Open + "wal_recovery_mode=kPointInTimeRecovery;";

    public const string Open = Strict + "create_if_missing=false;";
    public const string Create = Strict + "create_if_missing=true;error_if_exists=true;";

    /// <summary>Reads what can be read; for repairs.</summary>
    public const string Salvage =
        Common + "wal_recovery_mode=kSkipAnyCorruptedRecords;paranoid_checks=false;verify_sst_unique_id_in_manifest=false;force_consistency_checks=false;";
}
