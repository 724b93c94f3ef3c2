def address_sanitizer(report):
    pass
def valgrind(report):
    pass
