using System.Text;

namespace Interactions.LoadTests.Clients;

/// <summary>
/// Event-stream bytes into messages, however they are cut (WHATWG HTML, 9.2). Only what the service uses:
/// UTF-8, lines ended by LF or CR LF, the fields event and data.
/// </summary>
internal sealed class SseParser(IMessageHandler handler)
{
    private readonly List<byte> _line = [];
    private readonly List<byte> _data = [];
    private MessageKind _kind;
    private bool _hasData;

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        while (bytes.IndexOf((byte)'\n') is var end and >= 0)
        {
            _line.AddRange(bytes[..end]);
            bytes = bytes[(end + 1)..];
            var line = System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_line);
            OnLine(line is [.., (byte)'\r'] ? line[..^1] : line);
            _line.Clear();
        }

        _line.AddRange(bytes);
    }

    private void OnLine(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty)
        {
            if (_hasData) handler.OnMessage(_kind, System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_data));
            _data.Clear();
            _hasData = false;
            _kind = MessageKind.Other;
        }
        else if (Value(line, "data:"u8) is { IsEmpty: false } data)
        {
            if (_hasData) _data.Add((byte)'\n');
            _data.AddRange(data);
            _hasData = true;
        }
        else if (Value(line, "event:"u8) is { IsEmpty: false } name)
        {
            _kind = Encoding.UTF8.GetString(name) switch
            {
                "snapshot" => MessageKind.Snapshot,
                "frame" => MessageKind.Frame,
                "bye" => MessageKind.Bye,
                _ => MessageKind.Other,
            };
        }
    }

    private static ReadOnlySpan<byte> Value(ReadOnlySpan<byte> line, ReadOnlySpan<byte> field)
    {
        if (!line.StartsWith(field)) return default;
        var value = line[field.Length..];
        return value is [(byte)' ', ..] ? value[1..] : value;
    }
}
