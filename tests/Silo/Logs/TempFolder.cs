namespace Interactions.Tests.Silo.Logs;

internal sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("log-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
