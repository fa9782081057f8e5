using System.Buffers;
using System.Text;
using Interactions.Contracts.Grains;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;
using Orleans.Serialization.Buffers;
using Orleans.Serialization.Codecs;
using Orleans.Serialization.Session;
using Orleans.Serialization.WireProtocol;
using Xunit;

namespace Interactions.Tests.Contracts.Grains;

/// <summary>In a rolling upgrade processes of two versions talk: a message may have a field more than its reader knows, and a field less.</summary>
public sealed class MessageToleranceTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddSerializer().BuildServiceProvider();

    public static TheoryData<string> Names => [.. Messages.Samples.Select(sample => sample.GetType().Name)];

    public void Dispose() => _services.Dispose();

    [Fact]
    public void Every_message_has_a_sample() => Assert.Empty(Messages.Types
        .Where(type => type.Namespace!.StartsWith("Interactions.Contracts", StringComparison.Ordinal) && !type.IsAssignableTo(typeof(Exception)))
        .Except(Messages.Samples.Select(sample => sample.GetType())));

    [Theory, MemberData(nameof(Names))]
    public void A_message_with_a_field_more_is_read_by_who_does_not_know_it(string name)
    {
        var message = Sample(name);
        var today = Write(Read(message.GetType(), Write(message))); // lists are other types then

        foreach (var more in (object[])["text", 7L, new FeedHead("other", new("k3f", 1)), new[] { "a", "b" }])
            Assert.Equal(today, Write(Read(message.GetType(), WithFieldMore(today, more))));
    }

    [Theory, MemberData(nameof(Names))]
    public void A_message_of_a_version_that_had_fewer_fields_is_read(string name)
    {
        var message = Sample(name);
        var today = Write(message);

        var ends = FieldEnds(today);

        Assert.True(ends.Count > 1, "No fields were found.");
        foreach (var end in ends) Assert.IsType(message.GetType(), Read(message.GetType(), [.. today[..end], .. End()]));
    }

    [Theory, MemberData(nameof(Names))]
    public void A_message_names_no_type_that_could_be_renamed(string name)
    {
        var bytes = Encoding.Latin1.GetString(Write(Sample(name)));
        Assert.DoesNotContain("Interactions.", bytes, StringComparison.Ordinal);
        Assert.DoesNotContain("<", bytes, StringComparison.Ordinal);
    }

    private static object Sample(string name) => Messages.Samples.First(sample => sample.GetType().Name == name);

    private static byte[] End() => [(byte)WireType.Extended | (byte)ExtendedWireType.EndTagDelimited];

    private SerializerSession NewSession() => _services.GetRequiredService<SerializerSessionPool>().GetSession();

    // As a call's argument or answer is written: its own type is known, so it is not named.
    private byte[] Write(object message)
    {
        using var session = NewSession();
        var buffer = new ArrayBufferWriter<byte>();
        var writer = Writer.Create(buffer, session);
        Codec(message.GetType()).WriteField(ref writer, 0, message.GetType(), message);
        writer.Commit();
        return buffer.WrittenSpan.ToArray();
    }

    private object Read(Type type, byte[] bytes)
    {
        using var session = NewSession();
        var reader = Reader.Create(bytes, session);
        var field = reader.ReadFieldHeader();
        var read = Codec(type).ReadValue(ref reader, field)!;
        Assert.Equal(bytes.Length, reader.Position);
        return read;
    }

    private byte[] WithFieldMore(byte[] message, object field)
    {
        using var session = NewSession();
        var buffer = new ArrayBufferWriter<byte>();
        var writer = Writer.Create(buffer, session);
        Codec(field.GetType()).WriteField(ref writer, 20, field.GetType(), field);
        writer.Commit();
        return [.. message[..^End().Length], .. buffer.WrittenSpan, .. End()];
    }

    // Where the header of the message ends, and each of its fields.
    private List<int> FieldEnds(byte[] message)
    {
        using var session = NewSession();
        var reader = Reader.Create(message, session);
        reader.ReadFieldHeader();
        List<int> ends = [(int)reader.Position];
        while (reader.ReadFieldHeader() is var field && !field.IsEndBaseOrEndObject)
        {
            reader.ConsumeUnknownField(field);
            ends.Add((int)reader.Position);
        }

        return ends;
    }

    private IFieldCodec Codec(Type type) => _services.GetRequiredService<Orleans.Serialization.Serializers.ICodecProvider>().GetCodec(type);
}
