"""What a workbook would change here: planned as rows not yet saved, then written in one go."""
