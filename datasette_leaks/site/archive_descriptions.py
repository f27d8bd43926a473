"""What the tables of the mail archive mean, in words for readers; descriptions.py shows them."""

from __future__ import annotations

from collections.abc import Mapping

TABLES: Mapping[str, str] = {
    "emails": "One row an e-mail: who sent what when. Its text is in documents. Equal bytes are "
    "one e-mail, however many copies were found.",
    "email_recipients": "From whom an e-mail came and to whom it went, one row an address.",
    "email_references": "The Message-IDs that an e-mail names: its own, and those of what it "
    "answers.",
    "email_spans": "What in an e-mail's text its writer did not simply write: quotations, the "
    "lines that introduce them, signatures, forwarded messages.",
    "attachments": "The parts of e-mails that are not their text. Names and types are as declared, "
    "and may lie.",
    "attachment_contents": "The bytes of attachments, once each, however many e-mails they hang "
    "on.",
    "insights": "The INSIGHT header blocks of e-mails, a form of the company Stratfor, as they "
    "were written; a quoted or forwarded one is there once for each e-mail it is in. Grades are "
    "the archive's own and mapped to no other scale.",
    "threads": "E-mails that answer one another, by their headers and never by subject alone.",
    "correspondents": "How many e-mails an address sent and received.",
    "mail_months": "How many e-mails were sent in which month.",
    "folders": "Mailboxes: an inbox, a folder of sent mail, a month of a list.",
    "copies": "Where the bytes of every copy of an e-mail are.",
    "archive_files": "The files and folders that e-mails were loaded from.",
    "load_progress": "Loads that have not ended, and how far they are.",
    "document_pages": "Where each page of a document begins and ends in its text.",
}

COLUMNS: Mapping[str, Mapping[str, str]] = {
    "emails": {
        "subject": "Subject, as written.",
        "from_name": "Name of the sender, as written.",
        "from_address": "Address of the sender, in lower case.",
        "sent": "When it was sent, in UTC; empty when the date cannot be read.",
        "date_header": "The date as written.",
        "thread_id": "The first message of its thread.",
        "parent_id": "The message it came inside.",
        "folder_id": "The mailbox of its first copy.",
        "text_from": "What the text was taken from: plain text, html, rtf, or none.",
        "content_sha256": "Fingerprint of sender, date, subject and text: equal for one mail that "
        "came two ways.",
        "attachments": "How many attachments it has.",
        "copies": "How many physical copies of these bytes were found.",
        "marks": "What was cut, repaired or guessed when it was loaded.",
    },
    "email_recipients": {
        "role": "The header: from, sender, reply_to, to, cc or bcc.",
        "name": "The name, as written.",
        "address": "The address, in lower case.",
    },
    "email_references": {"position": "0: its own; then In-Reply-To and References."},
    "email_spans": {
        "kind": "quoted, attribution (the line that introduces a quotation), signature, forwarded.",
        "depth": "How deep a quotation is nested, from 1; else 0.",
    },
    "attachments": {
        "document_id": "The e-mail.",
        "part": "Number of the part in the message.",
        "name": "Name of the file, as declared.",
        "media_type": "Media type, as declared.",
        "inline": "1: meant to be shown within the message.",
        "content_id": "The name by which the message's own text points to it.",
        "size": "Bytes.",
        "stored_id": "Its content.",
    },
    "attachment_contents": {
        "id": "Number of the content.",
        "size": "Bytes.",
        "data": "The bytes.",
        "document_id": "The text that was found in it, as a document.",
    },
    "insights": {
        "id": "Number of the block.",
        "document_id": "The e-mail.",
        "code": "Code of the source, as written.",
        "key": "The code in the form that compares: MX01 is MX1.",
        "via": "The code of who passed it on.",
        "attribution": "How the source may be named in print.",
        "description": "Who the source is.",
        "publication": "Whether it may be published.",
        "reliability": "Grade of the source, as written.",
        "credibility": "Grade of the information, as written.",
        "special_handling": "Who may see it, or what to take care of.",
        "source_handler": "Who speaks with the source.",
        "distribution": "To whom it was to go.",
        "sent": "When the e-mail was sent, in UTC.",
    },
    "threads": {
        "id": "The first message.",
        "subject": "Subject of the first message.",
        "messages": "How many messages.",
        "first_sent": "Date of the earliest, in UTC.",
        "last_sent": "Date of the latest, in UTC.",
    },
    "correspondents": {
        "address": "The address, in lower case.",
        "name": "The name most often given with it.",
        "sent": "E-mails from it.",
        "received": "E-mails to it, copies included.",
    },
    "mail_months": {
        "month": "The month, in UTC; empty for e-mails without a readable date.",
        "messages": "How many e-mails.",
    },
    "folders": {
        "id": "Number of the folder.",
        "name": "Its name, with / between levels.",
        "messages": "How many copies are in it.",
    },
    "copies": {
        "id": "Number of the copy.",
        "document_id": "The e-mail.",
        "file_id": "The file it is in.",
        "member": "The file within that file or folder; empty for the file itself.",
        "offset": "Where it begins, in bytes, after any decompression.",
        "length": "Bytes.",
        "part": "Empty for a message of its own; else the part of the message it came inside.",
        "folder_id": "The mailbox.",
        "load_id": "The last load that found it there.",
    },
    "archive_files": {"id": "Number of the file."},
    "load_progress": {
        "taken": "Messages that are dealt with.",
        "items": "Messages so far, those inside others included.",
        "loaded": "Of these, loaded.",
        "duplicates": "Of these, there already.",
        "refused": "Of these, those that could not be taken.",
        "read": "1: all of the file is read; what is left is to count.",
    },
    "document_pages": {"number": "Number of the page, from 1, as a reader counts sheets."},
}
