using System.IO.Compression;
using Plug1.Books.Journals;
using Plug1.Kernel;
using Plug1.Kernel.Attachments;
using Plug1.Kernel.Documents;
using Plug1.Kernel.Storage;
using Plug1.Testing;
using Shouldly;
using Xunit;

namespace Plug1.Books.Tests;

/// <summary>Files beside a journal: what is taken, who may, and that they come back as they were.</summary>
public class AttachmentScenarios
{
    private static readonly byte[] Pdf = [.. "%PDF-1.7\n"u8, 0, 1, 2, 255];

    [Theory, OnBothEngines]
    public async Task A_voucher_comes_back_byte_for_byte_and_stays_once_the_journal_is_handed_in(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var (book, function) = (office.Of<AttachmentBook>(), office.Of<JournalFunction>());
        var id = (await office.Enter(Office.Journal("2026-01-10", "6400 D 10.00", "1050 C 10.00"))).Value.Id;
        (await book.Add(office.Call(office.Anna, "k1"), function, id, "rent.pdf", Pdf)).Refusal.ShouldBeNull();
        (await book.Add(office.Call(office.Anna, "k1"), function, id, "rent.pdf", Pdf)).Refusal.ShouldBeNull();
        var file = (await office.Database.Read(db => AttachmentBook.List(db, id))).Single();
        (file.Name, file.MediaType, file.Size, file.Sha256).ShouldBe(("rent.pdf", "application/pdf", Pdf.Length, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Pdf))));
        (await office.Database.Read(db => AttachmentBook.Read(db, id, file.Id))).Value.Content.ShouldBe(Pdf);
        (await office.Database.Read(db => AttachmentBook.Read(db, Guid.CreateVersion7(), file.Id))).Refusal!.Code.ShouldBe("ATTACHMENT_UNKNOWN");
        (await office.Database.Read(db => db.Query($"select diff from audit_event where action = 'attach'", row => row.Text(0)))).Single().ShouldContain(file.Sha256);

        (await book.Add(office.Call(office.Clerk), function, id, "rent.pdf", Pdf)).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        (await book.Remove(office.Call(office.Clerk), function, id, file.Id)).Refusal!.Code.ShouldBe("PERMISSION_DENIED");
        await office.Step(office.Anna, Verb.Submit, id);
        (await book.Remove(office.Call(office.Anna), function, id, file.Id)).Refusal!.Code.ShouldBe("ATTACHMENT_STAYS");
        var draft = (await office.Enter(Office.Journal("2026-01-10", "6400 D 10.00", "1050 C 10.00"))).Value.Id;
        (await book.Add(office.Call(office.Anna), function, draft, "note.txt", "Grüße"u8.ToArray())).Refusal.ShouldBeNull();
        var note = (await office.Database.Read(db => AttachmentBook.List(db, draft))).Single();
        (await book.Remove(office.Call(office.Anna), function, draft, note.Id)).Refusal.ShouldBeNull();
        (await book.Remove(office.Call(office.Anna), function, draft, note.Id)).Refusal!.Code.ShouldBe("ATTACHMENT_UNKNOWN");
        (await office.Count("select count(*) from attachment")).ShouldBe(1);

        // Content that was changed behind our back is not handed out.
        await office.Database.Write(tx => { tx.Stage($"update attachment set content = {new byte[] { 1 }}"); return tx.Flush(); });
        await Should.ThrowAsync<InvariantBrokenException>(() => office.Database.Read(db => AttachmentBook.Read(db, id, file.Id)));
    }

    [Theory, OnBothEngines]
    public async Task What_is_empty_too_large_too_many_or_not_what_its_name_says_is_not_taken(Engine engine)
    {
        await using var office = await Office.Open(engine);
        var (book, function) = (office.Of<AttachmentBook>(), office.Of<JournalFunction>());
        var id = (await office.Enter(Office.Journal("2026-01-10", "6400 D 10.00", "1050 C 10.00"))).Value.Id;
        async Task<string?> Add(string name, byte[] content) => (await book.Add(office.Call(office.Anna), function, id, name, content)).Refusal?.Code;
        foreach (var name in new[] { "", "a/b.pdf", "a\\b.pdf", "a\nb.pdf", new string('x', 151) }) (await Add(name, Pdf)).ShouldBe("ATTACHMENT_NAME_INVALID");
        (await Add("a.pdf", [])).ShouldBe("ATTACHMENT_EMPTY");
        (await Add("a.pdf", [.. Pdf, .. new byte[AttachmentBook.MostBytes]])).ShouldBe("ATTACHMENT_TOO_LARGE");
        foreach (var (name, content) in new[] { ("a.exe", "MZ"u8.ToArray()), ("a.pdf", "MZ"u8.ToArray()), ("a.png", Pdf), ("a.html", "<p>"u8.ToArray()), ("a.txt", new byte[] { 0 }), ("a.csv", [0xC3, 0x28]), ("a.xlsx", "PK\u0003\u0004x"u8.ToArray()), ("a.xlsx", Zip("other.xml")), ("pdf", Pdf) })
            (await Add(name, content)).ShouldBe("ATTACHMENT_TYPE_NOT_ALLOWED", name);
        foreach (var (name, content) in new[] { ("a.PNG", new byte[] { 0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0 }), ("a.jpeg", [0xFF, 0xD8, 0xFF, 0xE0]), ("a.csv", "a;b\r\n1;2"u8.ToArray()), ("a.xlsx", Zip("[Content_Types].xml", "xl/workbook.xml")) })
            (await Add(name, content)).ShouldBeNull(name);
        for (var count = 4; count < AttachmentBook.MostFiles; count++) (await Add("more.pdf", Pdf)).ShouldBeNull();
        (await Add("more.pdf", Pdf)).ShouldBe("ATTACHMENT_TOO_MANY");
        (await book.Add(office.Call(office.Anna), function, Guid.CreateVersion7(), "a.pdf", Pdf)).Refusal!.Code.ShouldBe("NOT_FOUND");
    }

    private static byte[] Zip(params string[] names)
    {
        using var stream = new MemoryStream();
        using (var package = new ZipArchive(stream, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var name in names) package.CreateEntry(name).Open().Dispose();
        return stream.ToArray();
    }
}
