using System.Security.Cryptography;
using Plug1.Host.Backups;
using Plug1.Host.CommandLine;
using Plug1.Host.Setup;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Host.Tests;

/// <summary>What is no whole backup of this program, with its key, changes nothing.</summary>
public sealed class BadBackupTests
{
    private static readonly byte[] Key = RandomNumberGenerator.GetBytes(BackupKey.Length);

    [Theory]
    [InlineData(Engine.Sqlite, false)]
    [InlineData(Engine.Sqlite, true)]
    [InlineData(Engine.Postgres, false)]
    [InlineData(Engine.Postgres, true)]
    public async Task A_bad_backup_is_refused_with_one_sentence_and_the_business_stays_as_it_is(Engine engine, bool encrypted)
    {
        await using var plug1 = await Plug1.At(engine);
        await Trade.Make(plug1);
        var (file, keyFile, wrong) = (Path.Combine(plug1.Folder, "today.plug1"), Path.Combine(plug1.Folder, "backup.key"), Path.Combine(plug1.Folder, "other.key"));
        foreach (var key in new[] { keyFile, wrong }) (await plug1.Run("backup", "key", "new", key)).ExitCode.ShouldBe(0);
        string[] named = encrypted ? ["--key-file", keyFile] : [];
        (await plug1.Run(["backup", "--out", file, .. named])).ExitCode.ShouldBe(0);
        var whole = await File.ReadAllBytesAsync(file);
        if (encrypted) (await File.ReadAllBytesAsync(keyFile)).Length.ShouldBe(45);
        var before = await State(plug1);

        await Refused("is damaged: its chunk", Flip(whole, whole.Length / 2), named);
        await Refused("is damaged: its chunk", whole[..(whole.Length * 2 / 3)], named);
        await Refused("is damaged: its header", Flip(whole, 40), named);
        await Refused("is no backup of Plug1", "PK: something else"u8.ToArray(), named);
        await Refused("is no backup of Plug1", [], named);
        if (encrypted)
        {
            await Refused("is encrypted: name its key", whole, []);
            await Refused("another key", whole, ["--key-file", wrong]);
        }
        else
        {
            await Refused("is not encrypted", whole, ["--key-file", keyFile]);
        }

        async Task Refused(string why, byte[] bytes, string[] key)
        {
            await File.WriteAllBytesAsync(file, bytes);
            var refused = await plug1.Run(["restore", "--from", file, "--replace", .. key]);
            refused.ExitCode.ShouldBe(ExitCode.Refused, refused.Out + refused.Error);
            var said = refused.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1];
            said.ShouldStartWith("plug1: ");
            said.ShouldContain(why);
            (await State(plug1)).ShouldBe(before);
            Directory.GetFileSystemEntries(plug1.Folder, "*.work").ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("newer schema", "newer than this program")]
    [InlineData("changed schema", "is not this program's")]
    [InlineData("engine", "is of postgres")]
    [InlineData("totals", "1000000 documents against")]
    [InlineData("no database", "not a database")]
    [InlineData("newer format", "newer version of this program")]
    public async Task What_is_whole_but_does_not_fit_is_refused(string how, string why)
    {
        await using var plug1 = await Plug1.At(Engine.Sqlite);
        await Trade.Make(plug1);
        var file = Path.Combine(plug1.Folder, "today.plug1");
        await using (var database = Database.Open(plug1.Setting)) await Write(database, file, how);
        var before = await State(plug1);
        var place = new Place(plug1.Folder, plug1.Setting);
        (await Should.ThrowAsync<Exception>(Restore.Run(place, file, null, true, new Progress<Step>(), TimeProvider.System, default))).Message.ShouldContain(why);
        (await State(plug1)).ShouldBe(before);
        var told = await plug1.Run("restore", "--from", file);
        told.ExitCode.ShouldNotBe(0);
        told.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1].ShouldStartWith("plug1: ");
        told.Error.ShouldContain(why);
        (await State(plug1)).ShouldBe(before);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Wherever_a_bit_is_turned_or_the_file_is_cut_it_is_refused(bool encrypted)
    {
        var (file, key) = (Path.Combine(TestFolder.Path, $"{Guid.CreateVersion7():N}.plug1"), encrypted ? Key : null);
        // Three chunks of content that cannot be packed.
        var data = RandomNumberGenerator.GetBytes((2 << 20) + 12_345);
        await BackupFile.Write(file, Nothing("sqlite"), key, async to => await to.WriteAsync(data), default);
        var whole = await File.ReadAllBytesAsync(file);
        (await Content(file, key)).ShouldBe(data);

        var random = new Random(20_260);
        var chunk = (1 << 20) + ChunkSeal.TagLength;
        var start = whole.Length - (whole.Length - 600) % chunk - 2 * chunk;
        List<int> places = [.. Enumerable.Range(0, 60).Select(_ => random.Next(whole.Length)), .. Enumerable.Range(0, 50).Select(at => at * 9), whole.Length - 1, whole.Length - ChunkSeal.TagLength, start];
        foreach (var at in places)
        {
            var spoilt = (byte[])whole.Clone();
            spoilt[at] ^= (byte)(1 << random.Next(8));
            await Refused(spoilt, $"bit at {at}");
        }

        foreach (var length in new[] { 0, 1, 13, 17, 100, chunk, whole.Length - chunk, whole.Length - ChunkSeal.TagLength, whole.Length - 1 }.Concat(Enumerable.Range(0, 30).Select(_ => random.Next(whole.Length))))
            await Refused(whole[..length], $"cut to {length}");
        await Refused([.. whole, 0], "longer");
        await Refused([.. whole, .. whole], "twice");

        async Task Refused(byte[] bytes, string what)
        {
            await File.WriteAllBytesAsync(file, bytes);
            (await Should.ThrowAsync<CommandFailure>(Content(file, key), what)).Message.ShouldContain(file);
        }
    }

    [Fact]
    public async Task Chunks_that_changed_places_or_come_from_another_file_are_refused()
    {
        var (one, two) = (Path.Combine(TestFolder.Path, $"{Guid.CreateVersion7():N}.plug1"), Path.Combine(TestFolder.Path, $"{Guid.CreateVersion7():N}.plug1"));
        var data = RandomNumberGenerator.GetBytes(3 << 20);
        foreach (var file in new[] { one, two }) await BackupFile.Write(file, Nothing("sqlite"), Key, async to => await to.WriteAsync(data), default);
        var (first, second) = (await File.ReadAllBytesAsync(one), await File.ReadAllBytesAsync(two));
        first.Length.ShouldBe(second.Length);
        const int chunk = (1 << 20) + ChunkSeal.TagLength;
        var header = Hashed(first) + SHA256.HashSizeInBytes;

        await Opens(first);
        await Refused([.. first[..(header + chunk)], .. second[(header + chunk)..]]);
        await Refused([.. first[..header], .. first[(header + chunk)..(header + 2 * chunk)], .. first[header..(header + chunk)], .. first[(header + 2 * chunk)..]]);
        await Refused([.. first[..(header + chunk)], .. first[(header + 2 * chunk)..]]);
        await Refused(first[..(header + 3 * chunk)]);

        async Task Opens(byte[] bytes)
        {
            await File.WriteAllBytesAsync(one, bytes);
            (await Content(one, Key)).ShouldBe(data);
        }

        async Task Refused(byte[] bytes)
        {
            await File.WriteAllBytesAsync(one, bytes);
            (await Should.ThrowAsync<CommandFailure>(Content(one, Key))).Message.ShouldContain("is damaged: its chunk");
        }
    }

    [Fact]
    public async Task What_is_encrypted_shows_nothing_and_no_two_files_are_alike()
    {
        var file = Path.Combine(TestFolder.Path, $"{Guid.CreateVersion7():N}.plug1");
        var text = "Corner shop, secret of the house. "u8.ToArray();
        List<byte[]> written = [];
        foreach (var key in new[] { Key, Key, null })
        {
            await BackupFile.Write(file, Nothing("secret engine"), key, async to => await to.WriteAsync(text), default);
            written.Add(await File.ReadAllBytesAsync(file));
            (await Content(file, key)).ShouldBe(text);
            File.Delete(file);
        }

        written[0].AsSpan().IndexOf("secret engine"u8).ShouldBe(-1);
        written[2].AsSpan().IndexOf("secret engine"u8).ShouldBeGreaterThan(0);
        written[0][^60..].ShouldNotBe(written[1][^60..]);
    }

    [Fact]
    public async Task A_key_file_is_bytes_or_hexadecimal_or_base64_and_its_owners_alone()
    {
        var file = Path.Combine(TestFolder.Path, $"{Guid.CreateVersion7():N}.key");
        foreach (var form in new[] { Key, [.. Convert.ToHexString(Key).Select(sign => (byte)sign), (byte)'\n'], [.. Convert.ToBase64String(Key).Select(sign => (byte)sign)] })
        {
            await Put(form);
            (await BackupKey.Read(file, default)).ShouldBe(Key);
        }

        foreach (var form in new[] { [], Key[..31], [.. Key, 1], [.. "0123456789abcdef"u8], new byte[5_000] })
        {
            await Put(form);
            (await Should.ThrowAsync<CommandFailure>(BackupKey.Read(file, default))).Message.ShouldContain("holds no key");
        }

        (await Should.ThrowAsync<CommandFailure>(BackupKey.New(file, default))).Message.ShouldContain("never replaced");
        await Put(Key);
        if (OperatingSystem.IsWindows()) return;
        foreach (var others in new[] { UnixFileMode.GroupRead, UnixFileMode.OtherRead, UnixFileMode.GroupWrite, UnixFileMode.OtherWrite })
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | others);
            (await Should.ThrowAsync<CommandFailure>(BackupKey.Read(file, default))).Message.ShouldContain("chmod 600");
        }

        File.Delete(file);
        await BackupKey.New(file, default);
        (await BackupKey.Read(file, default)).Length.ShouldBe(BackupKey.Length);
        (await Should.ThrowAsync<CommandFailure>(BackupKey.Read(file + "x", default))).Message.ShouldContain("There is no key file");

        async Task Put(byte[] bytes)
        {
            await File.WriteAllBytesAsync(file, bytes);
            if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }

    private static async Task<byte[]> Content(string file, byte[]? key)
    {
        await using var backup = await BackupFile.Open(file, key, default);
        using var content = new MemoryStream();
        await backup.CopyTo(content, default);
        return content.ToArray();
    }

    private static Manifest Nothing(string engine) =>
        new(engine, new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero), "1", null, [], new Totals(0, 0, 0, 0, 0, 0, new Dictionary<string, UnitTotal>(), new AuditState(0, "", 0, 0)));

    /// <summary>A backup as a program would write it that is not this one, or is wrong.</summary>
    private static async Task Write(Database database, string file, string how)
    {
        var copy = file + ".copy";
        var manifest = await database.CopyTo(copy, async db => Nothing("sqlite") with { Totals = await Totals.Of(db, default), Migrations = await SchemaState.Applied(db, default) });
        manifest = how switch
        {
            "newer schema" => manifest with { Migrations = [.. manifest.Migrations, new AppliedMigration("kernel", 9999, "9999-later.sql", "x")] },
            "changed schema" => manifest with { Migrations = [.. manifest.Migrations.Select((migration, at) => at == 0 ? migration with { Hash = "x" } : migration)] },
            "engine" => manifest with { Engine = "postgres" },
            "totals" => manifest with { Totals = manifest.Totals with { Documents = 1_000_000 } },
            _ => manifest,
        };
        var data = how == "no database" ? RandomNumberGenerator.GetBytes(50_000) : await File.ReadAllBytesAsync(copy);
        File.Delete(copy);
        await BackupFile.Write(file, manifest, null, async to => await to.WriteAsync(data), default);
        if (how == "newer format") await AsNewerFormat(file);
    }

    private static async Task AsNewerFormat(string file)
    {
        var bytes = await File.ReadAllBytesAsync(file);
        var length = Hashed(bytes);
        var at = bytes.AsSpan(0, length).IndexOf("\"format\":2"u8);
        bytes[at + "\"format\":".Length] = (byte)'9';
        SHA256.HashData(bytes.AsSpan(0, length), bytes.AsSpan(length, SHA256.HashSizeInBytes));
        await File.WriteAllBytesAsync(file, bytes);
    }

    /// <summary>How many bytes of a backup its header's hash covers.</summary>
    private static int Hashed(byte[] bytes) => 13 + 4 + (bytes[15] << 8) + bytes[16];

    private static byte[] Flip(byte[] bytes, int at)
    {
        var flipped = (byte[])bytes.Clone();
        flipped[at] ^= 0x10;
        return flipped;
    }

    /// <summary>The database as it is: its bytes, or everything that a dump tells of it.</summary>
    private static async Task<string> State(Plug1 plug1)
    {
        if (File.Exists(plug1.SqliteFile)) return Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(plug1.SqliteFile)));
        await using var database = Database.Open(plug1.Setting);
        var totals = await database.Read(db => Totals.Of(db, default));
        // A table that was restored has another file.
        var tables = await database.Read(db => db.First(Sql.Raw("select string_agg(oid::text || ' ' || relfilenode, ',' order by oid) from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace"), row => row.Text(0)));
        return $"{totals with { Units = new Dictionary<string, UnitTotal>() }} {string.Join(' ', totals.Units)} {tables} {await BackupTests.Leftovers(database)}";
    }
}
