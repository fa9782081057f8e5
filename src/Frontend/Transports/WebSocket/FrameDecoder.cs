using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Unicode;
using Interactions.Frontend.Wire;

namespace Interactions.Frontend.Transports.WebSocket;

/// <summary>
/// What a client sends, frame by frame (RFC 6455, 5), from bytes however they are split; no I/O. A rule is enforced as soon
/// as the byte that breaks it is there. A message that arrives whole is handed out where it lies; of a part of one only what
/// arrived is kept, never what a header announces. Between messages nothing is held. Not safe for concurrent callers.
/// <code>
/// +-----------------+------------------+--------------------+---------+------------------+
/// | FIN RSV3 opcode | 1 length         | length, big endian | mask    | payload, masked  |
/// | 1 byte          | 0..125, 126, 127 | 0, 2 or 8 bytes    | 4 bytes |                  |
/// +-----------------+------------------+--------------------+---------+------------------+
/// </code>
/// </summary>
/// <param name="longestMessageBytes">Of a whole message, over all its fragments.</param>
internal sealed class FrameDecoder(int longestMessageBytes)
{
    private const int MaskBytes = 4;
    private const int LongestControlBytes = 125;
    private const int SmallestKeptBytes = 256;

    private Head _head;
    private byte _headBytes;
    private byte _keptControlBytes;
    private bool _inFrame;
    private bool _inMessage;
    private bool _isOver;
    private uint _mask;
    private int _frameBytes;
    private int _frameTaken;
    private int _keptBytes;
    private int _checkedBytes;
    private byte[]? _kept;
    private byte[]? _keptControl;

    /// <summary>After <see cref="DecodedFrame.Close"/> the other side's code, after <see cref="DecodedFrame.Broken"/> the one to close with.</summary>
    public int Code { get; private set; }

    /// <summary>After <see cref="DecodedFrame.Broken"/>: the rule, for people.</summary>
    public string Detail { get; private set; } = "";

    /// <summary>What is held until the rest of a message or of a control frame arrives.</summary>
    public int HeldBytes => (_kept?.Length ?? 0) + (_keptControl?.Length ?? 0);

    private bool IsFinal => (_head[0] & 0x80) != 0;

    private bool IsControl => (_head[0] & 0x08) != 0;

    private Opcode Opcode => (Opcode)(_head[0] & 0x0F);

    private int HeadBytes => 2 + MaskBytes + ((_head[1] & 0x7F) switch { 126 => 2, 127 => 8, _ => 0 });

    /// <summary>Takes bytes up to the end of the next thing heard; call it again until there is nothing.</summary>
    /// <param name="input">Shortened by what was taken. The bytes are unmasked in place.</param>
    /// <param name="payload">The message's or control frame's; good until the next call, and while the input's memory is left alone.</param>
    public DecodedFrame Read(ref Memory<byte> input, out ReadOnlyMemory<byte> payload)
    {
        payload = default;
        if (!_inMessage) Release();
        if (!_inFrame) _keptControl = null;
        while (!_isOver)
        {
            if (!_inFrame && !ReadHead(ref input)) return _isOver ? DecodedFrame.Broken : DecodedFrame.Nothing;

            var part = input[..Math.Min(input.Length, _frameBytes - _frameTaken)];
            input = input[part.Length..];
            Masking.Apply(part.Span, _mask, _frameTaken);
            _frameTaken += part.Length;
            var isWhole = _frameTaken == _frameBytes;
            var heard = IsControl ? TakeControl(part, isWhole, out payload) : TakeMessage(part, isWhole, out payload);
            if (isWhole) (_inFrame, _headBytes) = (false, 0);
            if (heard != DecodedFrame.Nothing || !isWhole) return heard;
        }

        input = default;
        return DecodedFrame.Nothing;
    }

    /// <summary>Gives back what is held; the rest of a message that was begun can't be read any more.</summary>
    public void Release()
    {
        if (_kept is not null) ArrayPool<byte>.Shared.Return(_kept);
        (_kept, _keptBytes, _checkedBytes) = (null, 0, 0);
    }

    private bool ReadHead(ref Memory<byte> input)
    {
        var bytes = input.Span;
        for (var i = 0; i < bytes.Length; i++)
        {
            _head[_headBytes++] = bytes[i];
            if (_headBytes == 1 && !IsOpcodeGood()) return false;
            if (_headBytes < 2) continue;
            if (_headBytes == HeadBytes - MaskBytes && !IsLengthGood()) return false;
            if (_headBytes < HeadBytes) continue;

            input = input[(i + 1)..];
            _mask = BitConverter.ToUInt32(((ReadOnlySpan<byte>)_head)[(_headBytes - MaskBytes).._headBytes]);
            (_inFrame, _frameTaken) = (true, 0);
            _inMessage |= !IsControl;
            return true;
        }

        input = default;
        return false;
    }

    private bool IsOpcodeGood()
    {
        if ((_head[0] & 0x70) != 0) return Fail("No extension was agreed on: RSV bits have to be 0.");
        switch (Opcode)
        {
            case Opcode.Text: return !_inMessage || Fail("A message began before the last one ended.");
            case Opcode.Binary: return Fail(_inMessage ? "A message began before the last one ended." : "Messages are text.", _inMessage ? CloseCode.ProtocolError : CloseCode.BadMessage);
            case Opcode.Continuation: return _inMessage || Fail("There is no message to continue.");
            case Opcode.Close or Opcode.Ping or Opcode.Pong: return IsFinal || Fail("A control frame can't be fragmented.");
            default: return Fail("The opcode is reserved.");
        }
    }

    private bool IsLengthGood()
    {
        if ((_head[1] & 0x80) == 0) return Fail("A client's frames have to be masked.");
        ReadOnlySpan<byte> head = _head;
        var length = _head[1] & 0x7FL;
        if (IsControl && length > LongestControlBytes) return Fail("A control frame has at most 125 bytes.");
        var least = 0L;
        if (length == 126) (length, least) = (BinaryPrimitives.ReadUInt16BigEndian(head[2..]), 126);
        else if (length == 127) (length, least) = (BinaryPrimitives.ReadInt64BigEndian(head[2..]), 65536);
        if (length < least) return Fail("The length has to be written as short as it can be.");
        if (!IsControl && length > longestMessageBytes - _keptBytes) return Fail("The message is too large.", CloseCode.BadMessage);
        _frameBytes = (int)length;
        return true;
    }

    private DecodedFrame TakeControl(ReadOnlyMemory<byte> part, bool isWhole, out ReadOnlyMemory<byte> payload)
    {
        payload = part;
        if (_keptControl is not null || !isWhole)
        {
            if (part.Length == 0 && !isWhole) return DecodedFrame.Nothing;
            if (_keptControl is null) (_keptControl, _keptControlBytes) = (new byte[_frameBytes], 0);
            part.CopyTo(_keptControl.AsMemory(_keptControlBytes));
            _keptControlBytes += (byte)part.Length;
            payload = _keptControl;
        }

        if (!isWhole) return DecodedFrame.Nothing;
        if (Opcode == Opcode.Ping) return DecodedFrame.Ping;
        if (Opcode == Opcode.Pong) return DecodedFrame.Pong;
        var isGood = CloseCode.TryRead(payload.Span, out var code);
        Fail(isGood ? "" : "The close frame is not a code and a reason in UTF-8.", code);
        return isGood ? DecodedFrame.Close : DecodedFrame.Broken;
    }

    private DecodedFrame TakeMessage(ReadOnlyMemory<byte> part, bool isWhole, out ReadOnlyMemory<byte> payload)
    {
        payload = default;
        var ends = isWhole && IsFinal;
        var isText = true;
        if (ends && _keptBytes == 0)
        {
            isText = Utf8.IsValid(part.Span);
            payload = part;
        }
        else
        {
            Keep(part.Span);
            isText = IsTextSoFar(ends);
            payload = _kept.AsMemory(0, _keptBytes);
        }

        if (!isText)
        {
            Fail("The message is not UTF-8.", CloseCode.BadMessage);
            return DecodedFrame.Broken;
        }

        _inMessage = !ends;
        return ends ? DecodedFrame.Message : DecodedFrame.Nothing;
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        if (part.IsEmpty) return;
        var needed = _keptBytes + part.Length;
        if (_kept is null || _kept.Length < needed)
        {
            // The pool's sizes are powers of two, so this grows by doubling.
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, SmallestKeptBytes));
            if (_kept is not null)
            {
                _kept.AsSpan(0, _keptBytes).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(_kept);
            }

            _kept = larger;
        }

        part.CopyTo(_kept.AsSpan(_keptBytes));
        _keptBytes = needed;
    }

    private bool IsTextSoFar(bool ends)
    {
        var fresh = _kept.AsSpan(_checkedBytes, _keptBytes - _checkedBytes);
        var open = ends ? 0 : OpenEnd(fresh);
        _checkedBytes = _keptBytes - open;
        return Utf8.IsValid(fresh[..^open]);
    }

    /// <summary>How many bytes at the end are the beginning of a character that may still become a valid one.</summary>
    private static int OpenEnd(ReadOnlySpan<byte> text)
    {
        for (var back = 1; back <= Math.Min(3, text.Length); back++)
        {
            if ((text[^back] & 0xC0) == 0x80) continue;
            return Rune.DecodeFromUtf8(text[^back..], out _, out _) == OperationStatus.NeedMoreData ? back : 0;
        }

        return 0;
    }

    private bool Fail(string detail, int code = CloseCode.ProtocolError)
    {
        (_isOver, _inMessage, _inFrame, Code, Detail) = (true, false, false, code, detail);
        return false;
    }

    [InlineArray(14)]
    private struct Head
    {
        private byte _first;
    }
}
