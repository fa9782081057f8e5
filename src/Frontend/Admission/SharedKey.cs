using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Interactions.Frontend.Admission;

/// <summary>
/// The secret that HS256 tokens are signed with: <c>Auth:Key</c>, or with <c>Auth:Dev</c> a random one that is kept in the
/// data folder, so that tokens outlive a restart.
/// </summary>
/// <param name="Bytes">Null: there is none, and no HS256 token is valid.</param>
internal sealed record SharedKey(byte[]? Bytes)
{
    public const string FileName = "dev.key";

    /// <exception cref="InvalidDataException">The kept key is damaged.</exception>
    public static SharedKey Open(AuthOptions auth, LogSettings log)
    {
        if (auth.Key is { } key) return new SharedKey(Encoding.UTF8.GetBytes(key));
        if (!auth.Dev) return new SharedKey((byte[]?)null);
        if (log.Kind == LogKind.Memory) return new SharedKey(RandomNumberGenerator.GetBytes(AuthOptions.MinKeyBytes));

        Directory.CreateDirectory(log.Path);
        var path = Path.Combine(log.Path, FileName);
        if (!File.Exists(path)) Create(path);
        var bytes = CompactToken.Decode(File.ReadAllText(path).Trim());
        if (bytes is not { Length: >= AuthOptions.MinKeyBytes })
            throw new InvalidDataException($"{path} does not hold a key; delete it and a new one is made (tokens given before end with it).");
        return new SharedKey(bytes);
    }

    public override string ToString() => Bytes is null ? "no key" : "a key";

    // Written aside and moved, so that nobody ever reads half a key; whoever moves first has made the key.
    private static void Create(string path)
    {
        var aside = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(aside, options))
        {
            file.Write(Encoding.ASCII.GetBytes(Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(AuthOptions.MinKeyBytes))));
            file.Flush(flushToDisk: true);
        }

        try
        {
            File.Move(aside, path, overwrite: false);
        }
        catch (IOException) when (File.Exists(path))
        {
            File.Delete(aside);
        }
    }
}
