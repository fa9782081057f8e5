using Interactions.Contracts.Binary;

namespace Interactions.Contracts.Batches;

/// <summary>The bytes of a change of settings.</summary>
/// <remarks><code>
/// patch := flags(1 title, 2 reactions, 4 tap, 8 slow mode, 16 length, 32 roster) then the named fields, in that order
/// </code></remarks>
public static class PatchCodec
{
    public static void Write(ByteWriter writer, SettingsPatch patch)
    {
        writer.Byte((byte)((patch.Title is null ? 0 : 1) | (patch.Reactions is null ? 0 : 2) | (patch.Tap is null ? 0 : 4)
            | (patch.SlowModeSeconds is null ? 0 : 8) | (patch.MaxCommentLength is null ? 0 : 16) | (patch.Roster is null ? 0 : 32)));
        if (patch.Title is { } title) writer.Text(title);
        if (patch.Reactions is { } reactions) writer.Texts(reactions);
        if (patch.Tap is { } tap) writer.Bool(tap);
        if (patch.SlowModeSeconds is { } seconds) writer.Signed(seconds);
        if (patch.MaxCommentLength is { } length) writer.Signed(length);
        if (patch.Roster is { } roster) writer.Bool(roster);
    }

    public static SettingsPatch Read(ByteReader reader)
    {
        var flags = reader.Flags(63);
        return new SettingsPatch(
            (flags & 1) != 0 ? reader.Text() : null,
            (flags & 2) != 0 ? reader.Texts() : null,
            (flags & 4) != 0 ? reader.Bool() : null,
            (flags & 8) != 0 ? reader.Signed32() : null,
            (flags & 16) != 0 ? reader.Signed32() : null,
            (flags & 32) != 0 ? reader.Bool() : null);
    }
}
