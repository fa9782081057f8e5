namespace Interactions.Silo.Logs.Rocks;

/// <summary>A status of RocksDB other than OK, which its C interface tells as text.</summary>
internal sealed class RocksException(string message) : Exception(message)
{
    /// <summary>The bytes are not those that were written.</summary>
    public bool IsDamage => Message.StartsWith("Corruption", StringComparison.Ordinal);

    /// <summary>The text is RocksDB's for ENOSPC, or the system's for it, EDQUOT and EFBIG.</summary>
    public bool IsFull =>
        Message.Contains("No space left", StringComparison.OrdinalIgnoreCase)
        || Message.Contains("quota exceeded", StringComparison.OrdinalIgnoreCase)
        || Message.Contains("File too large", StringComparison.OrdinalIgnoreCase);
}
