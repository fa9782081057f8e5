using System.Globalization;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Interactions.Silo.Logs.Rocks;

/// <summary>
/// The small file beside the database that says up to which group everything is durable. It is never ahead of the database. It is
/// overwritten after each group, so a process that is killed leaves it exact, and flushed once a second, so a power cut leaves it a second
/// late at most. One line, shorter than a disk's sector, which is written whole or not at all.
/// <code>interactions-log FORMAT DATABASE GROUP PROCESS CRC32C</code>
/// </summary>
internal sealed class DurableMark : IDisposable
{
    public const string FileName = "log.mark";

    private const int Bytes = 100;
    private static readonly TimeSpan FlushEvery = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly SafeFileHandle _file;
    private readonly ITimer _timer;
    private readonly byte[] _line = new byte[Bytes];
    private readonly string _database;
    private bool _isDirty;
    private bool _closed;

    private DurableMark(string path, string database, TimeProvider time)
    {
        _database = database;
        _file = System.IO.File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        _timer = time.CreateTimer(static state => ((DurableMark)state!).Flush(), this, FlushEvery, FlushEvery);
    }

    public static string PathIn(string folder) => Path.Combine(folder, FileName);

    /// <summary>What the file of a folder says; null if there is none.</summary>
    /// <exception cref="InvalidDataException">It is not as it was written.</exception>
    public static Content? Read(string folder)
    {
        var path = PathIn(folder);
        if (!System.IO.File.Exists(path)) return null;
        using var file = System.IO.File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var line = new byte[Bytes + 1];
        var length = RandomAccess.Read(file, line, 0);
        var fields = Encoding.ASCII.GetString(line, 0, Math.Min(length, Bytes)).TrimEnd('\n').Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (length == Bytes && fields.Length == 6 && int.TryParse(fields[1], CultureInfo.InvariantCulture, out var format)
            && long.TryParse(fields[3], CultureInfo.InvariantCulture, out var group) && int.TryParse(fields[4], CultureInfo.InvariantCulture, out var process)
            && Line(fields[2], group, process, format).AsSpan().SequenceEqual(line.AsSpan(0, Bytes)))
        {
            return new Content(fields[2], group, process, format);
        }

        throw new InvalidDataException($"{path} is not as it was written.");
    }

    /// <summary>Makes the file if need be, and says in it that this process has the log now.</summary>
    public static DurableMark Open(string folder, string database, long group, TimeProvider time)
    {
        var path = PathIn(folder);
        var aside = path + ".new";
        using (var file = System.IO.File.OpenHandle(aside, FileMode.Create, FileAccess.Write))
        {
            RandomAccess.Write(file, Line(database, group, Environment.ProcessId), 0);
            RandomAccess.FlushToDisk(file);
        }

        System.IO.File.Move(aside, path, overwrite: true);
        CLibrary.FlushDirectory(folder);
        return new DurableMark(path, database, time);
    }

    /// <summary>The group is durable.</summary>
    /// <exception cref="IOException">It can't be said: the file is late until the next group.</exception>
    public void Set(long group)
    {
        lock (_gate)
        {
            Write(_line, _database, group, Environment.ProcessId);
            RandomAccess.Write(_file, _line, 0);
            _isDirty = true;
        }
    }

    public void Dispose()
    {
        _timer.Dispose();
        Flush();
        lock (_gate) _closed = true;
        _file.Dispose();
    }

    private void Flush()
    {
        lock (_gate)
        {
            if (!_isDirty || _closed) return;
            _isDirty = false;
        }

        try
        {
            RandomAccess.FlushToDisk(_file);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            lock (_gate) _isDirty = true;
        }
    }

    private static byte[] Line(string database, long group, int process, int format = StoredGroup.CurrentFormat)
    {
        var line = new byte[Bytes];
        Write(line, database, group, process, format);
        return line;
    }

    private static void Write(Span<byte> line, string database, long group, int process, int format = StoredGroup.CurrentFormat)
    {
        line.Fill((byte)' ');
        var text = line[..(Bytes - 9)];
        System.Text.Unicode.Utf8.TryWrite(text, CultureInfo.InvariantCulture, $"interactions-log {format} {database} {group} {process}", out _);
        System.Text.Unicode.Utf8.TryWrite(line[(Bytes - 9)..], CultureInfo.InvariantCulture, $"{Crc32C.Compute(text):x8}", out _);
        line[^1] = (byte)'\n';
    }

    /// <param name="Database">The database that it is for.</param>
    /// <param name="Group">The last group that is durable.</param>
    /// <param name="Process">Who wrote it.</param>
    /// <param name="Format">Of the database; see <see cref="StoredGroup"/>.</param>
    internal sealed record Content(string Database, long Group, int Process, int Format);
}
