using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Interactions.Frontend.Settings;

namespace Interactions.Frontend.Admission;

/// <summary>
/// The secret that HS256 tokens are signed with: <c>Auth:Key</c>, or with <c>Auth:Dev</c> a random one that is kept in the
/// data folder, so that tokens outlive a restart. A random one is made when it is first needed.
/// </summary>
internal sealed class SharedKey
{
    public const string FileName = "dev.key";

    private readonly Lazy<byte[]>? _bytes;

    public SharedKey(byte[] bytes) => _bytes = new(bytes);

    // What fails once (a full disk) may work the next time.
    private SharedKey(Func<byte[]>? make) => _bytes = make is null ? null : new(make, LazyThreadSafetyMode.PublicationOnly);

    public bool Exists => _bytes is not null;

    /// <summary>Null: there is none, and no HS256 token is valid.</summary>
    /// <exception cref="IOException">One has to be made and can't be written.</exception>
    public byte[]? Bytes => _bytes?.Value;

    /// <exception cref="InvalidDataException">The kept key is damaged.</exception>
    public static SharedKey Open(AuthOptions auth, LogSettings log)
    {
        if (auth.Key is { } key) return new SharedKey(Encoding.UTF8.GetBytes(key));
        if (!auth.Dev) return new SharedKey((Func<byte[]>?)null);
        if (log.Kind == LogKind.Memory) return new SharedKey(Random);

        var path = Path.Combine(log.Path, FileName);
        if (Directory.Exists(path)) throw new InvalidDataException($"{path} is a folder, where the key of development tokens is kept: move it away and a new key is made.");
        return File.Exists(path) ? new SharedKey(Read(path)) : new SharedKey(() => Make(path));
    }

    public override string ToString() => Exists ? "a key" : "no key";

    private static byte[] Random() => RandomNumberGenerator.GetBytes(AuthOptions.MinKeyBytes);

    private static byte[] Make(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        if (!File.Exists(path)) Create(path);
        return Read(path);
    }

    private static byte[] Read(string path)
    {
        var bytes = CompactToken.Decode(File.ReadAllText(path).Trim());
        if (bytes is not { Length: >= AuthOptions.MinKeyBytes })
            throw new InvalidDataException($"{path} does not hold a key; delete it and a new one is made (tokens given before end with it).");
        return bytes;
    }

    // Written aside and moved, so that nobody ever reads half a key; whoever moves first has made the key.
    private static void Create(string path)
    {
        var aside = $"{path}.{Guid.NewGuid():N}";
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var file = new FileStream(aside, options))
        {
            file.Write(Encoding.ASCII.GetBytes(Base64Url.EncodeToString(Random())));
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
