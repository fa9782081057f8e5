namespace Interactions.Silo.Logs.Rocks;

/// <summary>The group of writes that a database holds last.</summary>
/// <param name="Number">Dense; 0 = none was written yet.</param>
/// <param name="Database">The database's name.</param>
/// <param name="Format">Of the keys and values.</param>
internal readonly record struct StoredGroup(long Number, string Database, int Format = StoredGroup.CurrentFormat)
{
    /// <summary>1 was that of logs with producers' chains.</summary>
    public const int CurrentFormat = 2;
}
